"""Whatever is sent to the pages of applications is answered; nothing breaks them."""

from collections.abc import Iterator
from itertools import product

import pytest
from werkzeug.routing import Rule

from qcc.applications.workflow import ApplicationState
from qcc.kernel.permissions import Actor
from tests.factories.applications import find
from tests.integration.applications.browser import Browser
from tests.integration.applications.conftest import Scene

S = ApplicationState

WORDS = ("unknown", "💥" * 30, "x" * 2000, "%00", "%ED%A0%80")
COUNTED = ("call_id", "center_id", "criterion_id", "round_")
NUMBERS = ("0", str(2**31), str(2**63), "9" * 60)
VALUES = (
    "unknown",
    "\x00",
    "a\x00b",
    "💥",
    "\ud7ff\u202e",
    "x" * 2_100,
    "-1",
    "9" * 40,
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "NaN",
    "",
)
FIELDS = (
    "title", "center_ids", "opens_on", "closes_on", "invited_ids", "key", "center_id", "version",
    "legal_representative", "is_national_center_host", "reason", "text", "declared", "statement",
    "post", "name", "birth_date", "employer", "job", "host_position", "seen", "truthful",
    "confirmed", "remark", "correct_by", "remark-form", "remark-unknown", "remark-", "recommends",
    "justification", "refuse-reason", "back-reason", "then",
)  # fmt: skip


@pytest.fixture
def browsers(scene: Scene) -> dict[str, Browser]:
    here = scene.stage
    actors: dict[str, Actor] = {
        "applicant": here.applicant,
        "reception": here.reception,
        "commission": here.commission,
    }
    return {name: Browser(scene.app, actor, quick=True) for name, actor in actors.items()}


def rules(scene: Scene) -> list[Rule]:
    return [r for r in scene.app.url_map.iter_rules() if r.endpoint.startswith("applications.")]


def filled_in(rule: Rule, values: dict[str, str]) -> str:
    """The address with the values in place of its variables, as they are."""
    return "".join(
        values[part] if is_variable else part
        for is_variable, part in rule._trace  # type: ignore[attr-defined]
    ).split("|", 1)[-1]


def right_values(scene: Scene, state: ApplicationState) -> dict[str, str]:
    application = find(scene.codes[state])
    return {
        "code": application.code,
        "call_id": str(application.call_id),
        "key": "staff_structure",
        "item": "resources",
        "part": "resources",
        "officer_code": application.officers[0].code,
        "file_code": application.files[0].code,
        "kind": "application_form",
        "round_": "1",
        "center_id": str(application.center_id),
        "application_code": application.code,
        "reviewer_code": application.code,
        "criterion_id": "1",
        "ground": "other",
    }


def addresses(scene: Scene, rule: Rule) -> Iterator[str]:
    """The address with one variable at a time gone wrong."""
    right = right_values(scene, S.SUBMITTED)
    for name in rule.arguments:
        for odd in NUMBERS if name in COUNTED else WORDS:
            yield filled_in(rule, {**right, name: odd})


def test_odd_addresses_are_answered(scene: Scene, browsers: dict[str, Browser]) -> None:
    asked = 0
    for rule in rules(scene):
        for url in addresses(scene, rule):
            browser = browsers["applicant" if asked % 2 else "commission"]
            ask = browser.get if "GET" in (rule.methods or ()) else browser.post
            answer = ask(url)
            asked += 1
            assert answer.status_code < 500, (url, answer.status_code)
            assert answer.status_code != 200, url
    assert asked > 100


def test_odd_questions_to_lists_are_answered(browsers: dict[str, Browser]) -> None:
    for page, name, value in product(
        ("/applications", "/calls/new"),
        ("state", "center", "call", "q", "after"),
        ("unknown", "\x00", "💥", "x" * 3000, "-1", "9" * 40),
    ):
        browser = browsers["commission"]
        answer = browser.get(page, query_string={name: value})
        assert answer.status_code in (200, 400), (page, name, value[:20])
        assert answer.status_code == (400 if "\0" in value else 200)


DESKS = {
    "new_call": "commission", "approve": "commission", "refuse": "commission",
    "send_back": "commission", "judge": "reception", "return_": "reception",
    "accept": "reception", "propose": "reception",
}  # fmt: skip
STATES = {
    "judge": S.SUBMITTED, "return_": S.SUBMITTED, "accept": S.SUBMITTED, "propose": S.ACCEPTED,
    "approve": S.UNDER_DECISION, "refuse": S.UNDER_DECISION, "send_back": S.UNDER_DECISION,
    "withdraw": S.SUBMITTED,
}  # fmt: skip


def test_odd_forms_are_answered(scene: Scene, browsers: dict[str, Browser]) -> None:
    """Every field of every form at once, each value in turn; and nothing at all."""
    for rule in rules(scene):
        if "POST" not in (rule.methods or ()):
            continue
        name = rule.endpoint.removeprefix("applications.")
        browser = browsers[DESKS.get(name, "applicant")]
        url = filled_in(rule, right_values(scene, STATES.get(name, S.DRAFT)))
        for value in VALUES:
            answer = browser.post(url, **dict.fromkeys(FIELDS, value))
            assert answer.status_code < 500, (url, value[:20])
            assert (answer.status_code == 400) == ("\0" in value), (url, value[:20])
        answers = (
            browser.post(url),
            browser.post(url, file="not a file"),
            browser.client.post(url, data=b"\xff\xfe=%zz&=", content_type="text/plain"),
        )
        assert all(answer.status_code < 500 for answer in answers), url


def test_one_odd_field_in_a_right_form_is_answered(
    scene: Scene, browsers: dict[str, Browser]
) -> None:
    """The rest is right, so that the odd value comes as far as it can."""
    here = scene.stage
    code, checked = scene.codes[S.DRAFT], scene.codes[S.SUBMITTED]
    officer = {
        "post": "deputy", "name": "候选人", "employer": "", "job": "科主任", "title": "主任医师",
        "host_position": "other", "birth_date": "1975-05-05",
    }  # fmt: skip
    forms: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("applicant", f"/applications/{code}/officers/new", officer),
        (
            "reception",
            f"/applications/{checked}/return",
            {"reason": "补正", "remark-form": "请补充", "correct_by": "2026-03-20"},
        ),
        (
            "reception",
            f"/applications/{checked}/conditions/resources/judge",
            {"version": "1", "confirmed": "no", "remark": "不足"},
        ),
        (
            "commission",
            "/calls/new",
            {"title": "申报", "center_ids": "1", "opens_on": "2026-03-02",
             "closes_on": "2026-03-20", "conditions": "", "invited_ids": ""},
        ),
        ("applicant", f"/calls/{here.call_id}/apply", {"center_id": "1", "key": "k"}),
    )  # fmt: skip
    for desk, url, right in forms:
        for name, value in product(right, VALUES):
            answer = browsers[desk].post(url, **{**right, name: value})
            assert answer.status_code < 500, (url, name, value[:20])


def test_a_remark_that_is_too_long_is_refused_and_stays(
    scene: Scene, browsers: dict[str, Browser]
) -> None:
    code, long = scene.codes[S.SUBMITTED], "字" * 2001
    answer = browsers["reception"].post(
        f"/applications/{code}/return", **{"reason": "补正", "remark-form": long}
    )
    assert answer.status_code == 422
    assert long in answer.text
    assert find(code).state is S.SUBMITTED
