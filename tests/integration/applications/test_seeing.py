"""Who sees what of an application: rivals nothing, authorities what was submitted."""

import pytest

from qcc.applications import services
from qcc.applications.queries import (
    Wanted,
    count_applications,
    get_application,
    get_file,
    get_paper,
    get_submission,
    list_applications,
    list_calls,
    list_waiting,
)
from qcc.applications.workflow import ApplicationState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.outbox import Message, describe
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Organization
from tests.factories.applications import do, find, published, submit, write
from tests.factories.centers import PDF
from tests.integration.applications.browser import Browser
from tests.integration.applications.conftest import Scene

S = ApplicationState


def codes_of(actor: Actor, wanted: Wanted | None = None) -> set[str]:
    return {row.code for row in list_applications(actor, wanted)[0]}


def test_an_institution_sees_its_own_and_nothing_else(scene: Scene) -> None:
    here = scene.stage
    assert codes_of(here.applicant) == set(scene.codes.values())
    assert codes_of(here.rival) == {scene.rival}
    assert (count_applications(here.applicant), count_applications(here.rival)) == (8, 1)
    center_id = find(scene.rival).center_id
    assert codes_of(here.rival, Wanted(center_id=center_id)) == {scene.rival}
    hospital = db.session.get_one(Organization, here.applicant.organization_id).name
    assert codes_of(here.rival, Wanted(search=hospital)) == set()
    assert codes_of(here.rival, Wanted(search=str(find(scene.codes[S.APPROVED]).number))) == set()


def test_a_rivals_code_is_no_place_in_a_list(scene: Scene) -> None:
    """Whether a code exists can't be learnt by where a page begins."""
    here = scene.stage
    for code in (scene.rival, "NOSUCHCODE"):
        assert list_applications(here.applicant, after=code) == ([], 8)


def test_authorities_see_what_was_submitted_to_them(scene: Scene) -> None:
    here = scene.stage
    shown = set(scene.codes.values()) - {scene.codes[S.DRAFT]} | {scene.rival}
    assert codes_of(here.reception) == codes_of(here.commission) == shown
    assert codes_of(here.security) == set()
    with pytest.raises(NotFound):
        get_application(here.commission, scene.codes[S.DRAFT])


def test_nothing_of_a_rival_opens(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.UNDER_DECISION]
    file_code = find(code).files[0].code
    browser = Browser(scene.app, here.rival)
    for path in (
        "", "/review", "/receipt", "/papers", "/form", "/officers", "/withdraw",
        "/report/hospital_profile", "/conditions/resources", "/submissions/1",
        f"/files/{file_code}", "/papers/application_form/1",
    ):  # fmt: skip
        assert browser.get(f"/applications/{code}{path}").status_code == 404, path
    for path in ("/check", "/decide"):
        assert browser.get(f"/applications/{code}{path}").status_code == 403, path
    assert browser.get(f"/applications/{scene.rival}/files/{file_code}").status_code == 404
    told = [describe(m) for m in db.session.query(Message).filter_by(
        organization_id=here.rival.organization_id)]  # fmt: skip
    name = find(code).institution.name
    assert told
    assert not [sentence for sentence in told if name in sentence]


def test_what_the_authorities_tell_each_other_is_not_for_the_applicant(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.ACCEPTED]
    do(lambda: services.propose(here.reception, code, False, "另一申报单位更优"))
    do(lambda: services.send_back(here.commission, code, "请再与另一单位比较"))
    applicant = Browser(scene.app, here.applicant).get(f"/applications/{code}").text
    officer = Browser(scene.app, here.reception).get(f"/applications/{code}/check").text
    for words in ("另一申报单位更优", "请再与另一单位比较"):
        assert words not in applicant
        assert words in officer


def test_the_authorities_see_what_was_submitted_not_what_is_being_written(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.RETURNED]
    removed = next(f for f in find(code).files if f.part == "resources").code
    do(lambda: write(here.applicant, code, "support_funding", "还没有写完"))
    do(lambda: services.remove_file(here.applicant, code, removed))
    added = do(
        lambda: services.attach_file(here.applicant, code, "resources", PDF, "新证明.pdf").code
    )
    for actor in (here.reception, here.commission):
        browser = Browser(scene.app, actor)
        page = browser.get(f"/applications/{code}")
        assert "还没有写完" not in page.text
        assert "新证明.pdf" not in page.text
        assert f"/applications/{code}/files/{removed}" in page.text
        assert browser.get(f"/applications/{code}/files/{removed}").data == PDF
        with pytest.raises(NotFound):
            get_file(actor, code, added)
    own = Browser(scene.app, here.applicant)
    assert own.get(f"/applications/{code}/files/{added}").data == PDF
    assert own.get(f"/applications/{code}/files/{removed}").data == PDF


def test_every_submission_stays_open_to_those_who_judge(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.RETURNED]
    removed = next(f for f in find(code).files if f.part == "resources").code
    do(lambda: write(here.applicant, code, "support_funding", "每年三十万元"))
    do(lambda: services.remove_file(here.applicant, code, removed))
    do(lambda: services.attach_file(here.applicant, code, "resources", PDF, "新证明.pdf"))
    submit(here.applicant, code)
    for actor in (here.applicant, here.reception, here.commission):
        browser = Browser(scene.app, actor)
        first, second = (
            browser.get(f"/applications/{code}/submissions/{round_}").text for round_ in (1, 2)
        )
        assert "<ins>每年三十万元</ins>" in second
        assert "每年三十万元" not in first
        assert "新证明.pdf" in second
        assert "新证明.pdf" not in first
        assert removed in first
        assert browser.get(f"/applications/{code}/files/{removed}").status_code == 200
        assert get_submission(actor, code, 1).sha256 in first
    assert "<ins>每年三十万元</ins>" in Browser(scene.app, here.reception).get(
        f"/applications/{code}/check"
    ).text  # fmt: skip
    with pytest.raises(NotFound):
        get_submission(here.rival, code, 1)
    with pytest.raises(NotFound):
        get_submission(here.reception, code, 3)


def test_a_call_is_there_for_those_it_addresses(scene: Scene) -> None:
    here = scene.stage
    call_id, _centers = published(
        here.commission, ("口腔",), invited=(here.applicant.organization_id,)
    )
    now = find(scene.codes[S.DRAFT]).created_at

    def seen_by(actor: Actor) -> bool:
        return call_id in {call.id for call in list_calls(actor, now=now)}

    assert seen_by(here.applicant)
    assert seen_by(here.reception)
    assert seen_by(here.commission)
    assert not seen_by(here.rival)
    assert not seen_by(here.security)
    assert Browser(scene.app, here.rival).get(f"/calls/{call_id}").status_code == 404


def test_what_waits_is_what_one_holds(scene: Scene) -> None:
    """Another body's work does not stand in the way of one's own."""
    here = scene.stage

    def waiting(actor: Actor, *states: ApplicationState) -> set[str]:
        return {row.code for row in list_waiting(actor, states)}

    assert waiting(here.reception, S.SUBMITTED, S.ACCEPTED) == {
        scene.codes[S.SUBMITTED], scene.codes[S.ACCEPTED],
    }  # fmt: skip
    assert waiting(here.commission, S.SUBMITTED, S.ACCEPTED) == set()
    assert waiting(here.commission, S.UNDER_DECISION) == {
        scene.codes[S.UNDER_DECISION], scene.rival,
    }  # fmt: skip
    assert waiting(here.applicant, S.DRAFT, S.RETURNED) == {
        scene.codes[S.DRAFT], scene.codes[S.RETURNED],
    }  # fmt: skip


def test_the_decision_and_its_paper_are_for_the_applicant_too(scene: Scene) -> None:
    here = scene.stage
    for state in (S.APPROVED, S.REFUSED):
        code = scene.codes[state]
        assert get_paper(here.applicant, code, "decision", 1).kind == "decision"
    page = Browser(scene.app, here.applicant).get(f"/applications/{scene.codes[S.REFUSED]}")
    assert "择优确定其他单位" in page.text
