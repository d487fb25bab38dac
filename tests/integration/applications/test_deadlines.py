"""The server's time decides: to the last second of the closing day, and not one later."""

from datetime import date, datetime, time, timedelta

import pytest

from qcc.applications import services
from qcc.applications.queries import list_papers, list_submissions
from qcc.applications.workflow import ApplicationState
from qcc.infra.errors import Refused
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import Actor
from qcc.kernel.workflow import GuardFailed
from tests.conftest import Clock
from tests.factories.applications import (
    do,
    find,
    published,
    returned,
    seen,
    stage,
    submit,
)
from tests.factories.centers import specialty
from tests.integration.applications.browser import Browser
from tests.integration.applications.conftest import Scene
from tests.integration.applications.records import everything

S = ApplicationState
OPENED, CLOSES = date(2026, 3, 2), date(2026, 3, 31)
FIRST, LAST = time(0, 0, 0), time(23, 59, 59)


def on(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, SHANGHAI)


def test_submission_at_the_last_second_is_in_time(scene: Scene, clock: Clock) -> None:
    code = scene.codes[S.DRAFT]
    clock.set(on(CLOSES, LAST))
    submit(scene.stage.applicant, code)
    application = find(code)
    submission = list_submissions(application.id)[0]
    assert submission is not None
    assert application.state is S.SUBMITTED
    assert application.submitted_at == submission.at == on(CLOSES, LAST)
    assert [paper.content["submitted_on"] for paper in list_papers(application.id)] == [
        CLOSES.isoformat()
    ]


def test_submission_at_midnight_is_late_and_changes_nothing(scene: Scene, clock: Clock) -> None:
    code, before = scene.codes[S.DRAFT], everything()
    clock.set(on(CLOSES + timedelta(days=1), FIRST))
    with pytest.raises(GuardFailed, match="call_is_open"):
        submit(scene.stage.applicant, code)
    assert everything() == before


def test_a_late_submission_is_told_so_in_words(scene: Scene, clock: Clock) -> None:
    code, app = scene.codes[S.DRAFT], scene.app
    clock.set(on(CLOSES + timedelta(days=1), FIRST))
    browser = Browser(app, scene.stage.applicant)
    answer = browser.post(f"/applications/{code}/submit", seen=seen(code), truthful="y", key="k")
    assert answer.status_code == 409
    assert "23:59:59" in answer.text
    assert find(code).state is S.DRAFT


def test_an_application_begins_while_its_call_is_open(scene: Scene, clock: Clock) -> None:
    here = scene.stage
    call_id, centers = published(here.commission, ("口腔",), starts_in=1, days=3)
    opens, closes = OPENED + timedelta(days=1), OPENED + timedelta(days=4)

    def begin(actor: Actor) -> str:
        return do(lambda: services.start_application(actor, call_id, centers["口腔"]).code)

    for moment in (on(OPENED, LAST), on(closes + timedelta(days=1), FIRST)):
        clock.set(moment)
        with pytest.raises(Refused):
            begin(here.applicant)
    clock.set(on(opens, FIRST))
    begin(here.applicant)
    clock.set(on(closes, LAST))
    begin(here.rival)


@pytest.mark.usefixtures("app")
def test_a_correction_has_a_time_of_its_own(clock: Clock) -> None:
    """To the end of its last day, though the call has closed long ago."""
    here = stage(specialties=("麻醉", "放射"))
    last = CLOSES + timedelta(days=10)
    codes = [returned(here, by=last, specialty=name) for name in ("麻醉", "放射")]
    clock.set(on(last, LAST))
    submit(here.applicant, codes[0])
    assert (find(codes[0]).state, find(codes[0]).correct_by) == (S.SUBMITTED, None)
    clock.set(on(last + timedelta(days=1), FIRST))
    with pytest.raises(GuardFailed, match="correction_in_time"):
        submit(here.applicant, codes[1])
    assert find(codes[1]).state is S.RETURNED
    do(lambda: services.withdraw(here.applicant, codes[1], "来不及补正"))


def test_days_that_make_no_sense_are_refused_at_their_fields(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.SUBMITTED]
    center_id = specialty("口腔").id
    before = everything()

    def plan(opens_on: date, closes_on: date) -> services.CallPlan:
        return services.CallPlan("申报", (center_id,), opens_on, closes_on)

    for opens_on, closes_on, field in (
        (OPENED - timedelta(days=1), CLOSES, "opens_on"),
        (date.min, CLOSES, "opens_on"),
        (CLOSES, OPENED, "closes_on"),
        (OPENED, date.max, "closes_on"),
    ):
        with pytest.raises(Refused) as refused:
            do(lambda o=opens_on, c=closes_on: services.publish_call(here.commission, plan(o, c)))  # type: ignore[misc]
        assert refused.value.field == field
    for last in (OPENED - timedelta(days=1), date.min, date.max):
        with pytest.raises(Refused) as refused:
            do(lambda day=last: services.return_for_correction(  # type: ignore[misc]
                here.reception, code, "补正", {"form": "请补充"}, day))  # fmt: skip
        assert refused.value.field == "correct_by"
    assert everything() == before


def test_today_is_a_day_on_which_to_correct(scene: Scene, clock: Clock) -> None:
    here, code = scene.stage, scene.codes[S.SUBMITTED]
    do(lambda: services.return_for_correction(
        here.reception, code, "补正", {"form": "请补充"}, OPENED))  # fmt: skip
    clock.set(on(OPENED, LAST))
    submit(here.applicant, code)
    assert find(code).state is S.SUBMITTED
