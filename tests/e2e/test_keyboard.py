"""Without a mouse: the way into the page, and every control of the forms of the story."""

from playwright.sync_api import Page

from tests.e2e.conftest import Visit
from tests.e2e.product import PASSWORD
from tests.e2e.visitor import Visitor

MOST_STEPS = 200

# Numbers the visible, enabled controls of the content; returns how each can be told in a failure.
# Of a group of radio buttons Tab reaches one.
_NUMBER_CONTROLS = """() => {
  const kinds = "a[href], button, input, select, textarea, summary";
  const groups = new Map(), names = [];
  for (const e of document.querySelectorAll(`main :is(${kinds})`)) {
    if (e.type === "hidden" || e.disabled || !e.checkVisibility()) continue;
    const group = e.type === "radio" ? (e.form?.action ?? "") + e.name : null;
    if (group !== null && groups.has(group)) { e.dataset.step = groups.get(group); continue; }
    e.dataset.step = names.length;
    if (group !== null) groups.set(group, names.length);
    names.push(e.id || e.name || e.textContent.trim());
  }
  return names;
}"""
# Which of them has the focus; null: another element of the content; -1: focus has left it.
_FOCUSED = """() => {
  const e = document.activeElement;
  return e?.closest("main") ? Number(e.dataset.step ?? NaN) : -1;
}"""
_SHOWS_FOCUS = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""


def _walk(page: Page) -> set[int]:
    """The numbers of the controls that Tab reaches; each must show that it has the focus."""
    reached: set[int] = set()
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        number = page.evaluate(_FOCUSED)
        if number == -1:
            break
        assert page.evaluate(_SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
        reached.add(number)
    return reached


def _all_reached(visitor: Visitor, address: str) -> None:
    visitor.open(address)
    names = visitor.page.evaluate(_NUMBER_CONTROLS)
    _skip_to_content(visitor)
    reached = _walk(visitor.page)
    missing = [name for number, name in enumerate(names) if number not in reached]
    assert not missing, f"{address}: Tab does not reach {missing}"


def _skip_to_content(visitor: Visitor) -> None:
    """The first Tab of a page offers to skip the frame."""
    visitor.page.keyboard.press("Tab")
    skip = visitor.link("Skip to the content")
    assert skip.evaluate("e => e === document.activeElement")
    assert skip.bounding_box()["x"] >= 0, "the link shows itself when it has the focus"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "content"


def test_sign_in_with_the_keyboard_alone(visit: Visit) -> None:
    visitor = visit(None)
    visitor.open("/sign-in")
    _skip_to_content(visitor)
    keyboard = visitor.page.keyboard
    keyboard.press("Tab")
    keyboard.type("hospital-c")
    keyboard.press("Tab")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    visitor.heading("Workbench").wait_for()


def test_forms_of_an_applicant(visit: Visit) -> None:
    """An application that was returned: its list of parts, and one page of each kind."""
    visitor = visit("hospital-c")
    visitor.follow("Correct and submit again")
    address = visitor.page.url
    for path in ("", "/form", "/officers/new", "/conditions/resources", "/report/support_funding"):
        _all_reached(visitor, f"{address}{path}")


def test_forms_of_check_and_decision(visit: Visit) -> None:
    evaluation = visit("evaluation")
    evaluation.follow("Formal check")
    _all_reached(evaluation, evaluation.page.url)
    commission = visit("commission")
    commission.follow("Decide the application")
    _all_reached(commission, commission.page.url)
