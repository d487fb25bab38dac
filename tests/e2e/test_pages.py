"""Every page of the navigation, for every role: whole, accessible, and fit for a phone."""

import pytest

from tests.e2e.conftest import Visit
from tests.e2e.visitor import PHONE, Visitor

ROLES = (
    "commission",
    "evaluation",
    "hospital-b",
    "director",
    "secretary",
    "expert-1",
    "sysadmin",
    "secadmin",
    "auditor",
)
SHOWN = {"commission": ("/coverage", "/centers", "/calls")}
"""Role → pages whose pictures the guides show."""

OWN = ("/", "/applications", "/changes", "/panels", "/users", "/organizations")
"""Pages that offer each role something of its own; the others are the same for whoever may read
them, and are judged once."""


def _addresses(visitor: Visitor) -> list[str]:
    """What the main navigation and the top of the page lead to."""
    found: list[str] = visitor.page.eval_on_selector_all(
        "#navigation a, .top-end a", "links => links.map((link) => link.getAttribute('href'))"
    )
    return found


@pytest.fixture(scope="module")
def judged() -> set[tuple[str, str]]:
    """Language and address of pages that need not be judged again."""
    return set()


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role(visit: Visit, role: str, judged: set[tuple[str, str]]) -> None:
    """In Chinese at the desk; in English, whose words are longer, on the phone."""
    visitor = visit(role)
    addresses = _addresses(visitor)
    for address in addresses:
        _look_at(visitor, address, judged)
        if address in SHOWN.get(role, ()):
            visitor.picture(f"{role}{address.replace('/', '-')}")
    visitor.speak("en")
    visitor.page.set_viewport_size(PHONE)
    for address in addresses:
        _look_at(visitor, address, judged)


def _look_at(visitor: Visitor, address: str, judged: set[tuple[str, str]]) -> None:
    """Judge the page; one that was judged before must only answer."""
    mark = (visitor.word.language, address)
    if mark in judged:
        assert visitor.page.request.get(address).status == 200, address
        return
    assert visitor.open(address) == 200, address
    visitor.page.get_by_role("heading", level=1).wait_for()
    visitor.judge()
    if address not in OWN or visitor.word.language == "en":
        judged.add(mark)


def test_pages_that_need_no_sign_in(visit: Visit) -> None:
    visitor = visit(None)
    visitor.open("/centers")
    visitor.page.get_by_label(visitor.word("User name")).wait_for()
    visitor.judge()
    visitor.picture("sign-in")
    with visitor.watch.allowing("status of 4"):
        for address, status in (("/nowhere", 404), ("/activate/not-a-link", 410)):
            assert visitor.open(address) == status
            visitor.judge()


def test_a_wrong_password_is_told_at_the_form(visit: Visit) -> None:
    visitor = visit(None)
    visitor.open("/sign-in")
    visitor.type("User name", "nobody-of-this-name")
    visitor.type("Password", "wrong")
    with visitor.watch.allowing("status of 422"):
        visitor.press("Sign in")
        visitor.sees("The user name or the password is wrong.")
        visitor.judge()


def test_the_menu_on_a_phone(visit: Visit) -> None:
    """The navigation is folded away until the menu is pressed."""
    visitor = visit("hospital-b")
    visitor.page.set_viewport_size(PHONE)
    navigation = visitor.page.get_by_role("navigation", name=visitor.word("Main"), exact=True)
    navigation.wait_for(state="hidden")
    menu = visitor.page.get_by_role("button", name=visitor.word("Menu"))
    menu.press("Enter")
    navigation.wait_for(state="visible")
    visitor.picture("menu-phone")
    visitor.go("Applications")
    visitor.heading("Applications").wait_for()
