"""What pages offer is what is possible: every button of every state, for everybody who looks."""

import pytest

from qcc.applications.workflow import ApplicationState
from qcc.kernel.permissions import Actor
from tests.factories.applications import find
from tests.integration.applications.browser import Browser, actions
from tests.integration.applications.conftest import Scene
from tests.integration.applications.records import everything

S = ApplicationState

STEPS = ("submit", "withdraw", "return", "accept", "propose", "send-back", "approve", "refuse")

APPLICANT = {
    S.DRAFT: {"submit"},
    S.RETURNED: {"submit", "withdraw"},
    S.SUBMITTED: {"withdraw"},
    S.ACCEPTED: {"withdraw"},
}
RECEPTION = {S.SUBMITTED: {"return", "judge"}, S.ACCEPTED: {"propose"}}
COMMISSION = {S.UNDER_DECISION: {"send-back", "approve", "refuse"}}


def offered(browser: Browser, code: str, pages: tuple[str, ...]) -> set[str]:
    """The steps that the pages of an application offer, by their addresses."""
    found: set[str] = set()
    for page in pages:
        answer = browser.get(f"/applications/{code}{page}")
        if answer.status_code == 404:
            continue
        assert answer.status_code == 200
        addresses = {a.removeprefix(f"/applications/{code}/") for a in actions(answer)}
        found |= {a for a in addresses if a in STEPS}
        found |= {"judge"} if any(a.endswith("/judge") for a in addresses) else set()
        if page == "" and f"/applications/{code}/withdraw" in answer.text:
            found.add("withdraw")
    return found


def test_the_applicant_is_offered_what_is_possible(scene: Scene) -> None:
    browser = Browser(scene.app, scene.stage.applicant)
    for state, code in scene.codes.items():
        shown = offered(browser, code, ("", "/review"))
        assert shown == APPLICANT.get(state, set()), state


def test_the_reception_is_offered_what_is_possible(scene: Scene) -> None:
    """Passing the check is offered once every condition is judged."""
    browser = Browser(scene.app, scene.stage.reception)
    for state, code in scene.codes.items():
        shown = offered(browser, code, ("", "/check"))
        assert shown == RECEPTION.get(state, set()), state
    code = scene.codes[S.SUBMITTED]
    for row in find(code).answers:
        browser.post(
            f"/applications/{code}/conditions/{row.item.value}/judge",
            version=row.version,
            confirmed="yes",
        )
    assert offered(browser, code, ("/check",)) == {"return", "judge", "accept"}


def test_the_commission_is_offered_what_is_possible(scene: Scene) -> None:
    browser = Browser(scene.app, scene.stage.commission)
    for state, code in scene.codes.items():
        shown = offered(browser, code, ("", "/decide"))
        assert shown == COMMISSION.get(state, set()), state
        assert browser.get(f"/applications/{code}/check").status_code == 404


def test_the_page_leads_to_the_next_step(scene: Scene) -> None:
    """One primary action for whoever holds the application, none for others."""
    here = scene.stage
    holders: dict[ApplicationState, tuple[Actor, str]] = {
        S.DRAFT: (here.applicant, "review"),
        S.RETURNED: (here.applicant, "review"),
        S.SUBMITTED: (here.reception, "check"),
        S.ACCEPTED: (here.reception, "check"),
        S.UNDER_DECISION: (here.commission, "decide"),
    }
    for actor in (here.applicant, here.reception, here.commission):
        browser = Browser(scene.app, actor)
        for state, code in scene.codes.items():
            page = browser.get(f"/applications/{code}")
            if page.status_code == 404:
                continue
            leads = [name for name in ("review", "check", "decide")
                     if f'href="/applications/{code}/{name}"' in page.text]  # fmt: skip
            holder, name = holders.get(state, (None, ""))
            assert leads == ([name] if holder == actor else []), (state, actor.role)


SENT = {
    "submit": {"truthful": "y", "seen": "x" * 64, "key": ""},
    "withdraw": {"reason": "理由"},
    "return": {"reason": "理由", "remark-form": "请补充"},
    "accept": {},
    "propose": {"recommends": "yes", "reason": "理由"},
    "send-back": {"back-reason": "理由"},
    "approve": {},
    "refuse": {"refuse-reason": "理由"},
}
WHOSE = {
    "submit": "applicant",
    "withdraw": "applicant",
    "return": "reception",
    "accept": "reception",
    "propose": "reception",
    "send-back": "commission",
    "approve": "commission",
    "refuse": "commission",
}
POSSIBLE = {
    S.DRAFT: {"submit"},
    S.SUBMITTED: {"withdraw", "return", "accept"},
    S.RETURNED: {"submit", "withdraw"},
    S.ACCEPTED: {"withdraw", "propose"},
    S.UNDER_DECISION: {"send-back", "approve", "refuse"},
}


def test_a_step_that_is_not_offered_is_not_taken_either(scene: Scene) -> None:
    """Sent all the same, by a page that was left open: it is told so, and nothing changes."""
    browsers = {
        name: Browser(scene.app, getattr(scene.stage, name)) for name in set(WHOSE.values())
    }
    before = everything()
    for step in STEPS:
        for state, code in scene.codes.items():
            if step in POSSIBLE.get(state, set()):
                continue
            answer = browsers[WHOSE[step]].post(f"/applications/{code}/{step}", **SENT[step])
            hidden = state is S.DRAFT and WHOSE[step] != "applicant"
            assert answer.status_code == (404 if hidden else 409), (step, state)
    assert everything() == before


TAKEN = {
    "withdraw": (S.ACCEPTED, S.WITHDRAWN),
    "return": (S.SUBMITTED, S.RETURNED),
    "propose": (S.ACCEPTED, S.UNDER_DECISION),
    "send-back": (S.UNDER_DECISION, S.SUBMITTED),
    "approve": (S.UNDER_DECISION, S.APPROVED),
    "refuse": (S.UNDER_DECISION, S.REFUSED),
}


@pytest.mark.parametrize("step", TAKEN)
def test_each_button_does_its_step(scene: Scene, step: str) -> None:
    source, target = TAKEN[step]
    code = scene.codes[source]
    browser = Browser(scene.app, getattr(scene.stage, WHOSE[step]))
    answer = browser.post(f"/applications/{code}/{step}", **SENT[step])
    assert (answer.status_code, answer.location) == (302, f"/applications/{code}")
    assert find(code).state is target
    assert browser.get(answer.location).status_code == 200


def test_a_reason_that_is_missing_is_asked_for_at_its_field(scene: Scene) -> None:
    for step, field in (
        ("withdraw", "reason"), ("return", "reason"), ("propose", "reason"),
        ("send-back", "back-reason"), ("refuse", "refuse-reason"),
    ):  # fmt: skip
        code = scene.codes[TAKEN[step][0]]
        browser = Browser(scene.app, getattr(scene.stage, WHOSE[step]))
        sent = {**SENT[step], field: "  "}
        answer = browser.post(f"/applications/{code}/{step}", **sent)
        assert answer.status_code == 422, step
        assert f'href="#{field}"' in answer.text
