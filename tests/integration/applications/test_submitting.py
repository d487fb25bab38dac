"""What the applicant saw is what is submitted, and stays as it was submitted."""

import json
from hashlib import sha256

import pytest
import sqlalchemy as sa
from flask import Flask

from qcc.applications import services
from qcc.applications.models import Application
from qcc.applications.queries import list_papers, list_submissions
from qcc.applications.workflow import ApplicationState
from qcc.centers.rules import OfficerPost
from qcc.infra.db import StaleEdit, db
from qcc.infra.errors import NotFound
from qcc.organizations.models import Organization
from tests.factories.applications import (
    FORM,
    do,
    draft,
    filled,
    find,
    last_content,
    officer_values,
    seen,
    stage,
    submit,
    write,
)
from tests.factories.centers import PDF
from tests.integration.applications.browser import Browser, value_of
from tests.integration.applications.conftest import Scene
from tests.integration.applications.records import everything

S = ApplicationState


def test_what_was_changed_since_it_was_seen_is_not_submitted(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.DRAFT]
    actor = here.applicant
    answer = next(a for a in find(code).answers if a.item.value == "resources")
    officer, version = find(code).officers[0], answer.version
    file = next(f for f in find(code).files if f.part == "resources")
    values = officer_values(officer.post, "另一人")
    changes = {
        "form": lambda: services.save_form(
            actor, code, find(code).version, {**FORM, "reason": "另一理由"}
        ),
        "section": lambda: write(actor, code, "staff_structure", "另一内容"),
        "condition": lambda: services.save_answer(actor, code, "resources", version, True, "另"),
        "officer": lambda: services.edit_officer(
            actor, code, officer.code, officer.version, "", values
        ),
        "another officer": lambda: services.add_officer(
            actor, code, "", officer_values(OfficerPost.DEPUTY, "第三人", is_specialist=True)
        ),
        "file": lambda: services.attach_file(actor, code, "hospital_profile", PDF, "简介.pdf"),
        "file gone": lambda: services.remove_file(actor, code, file.code),
    }
    for name, change in changes.items():
        digest = seen(code)
        do(change)
        before = everything()
        with pytest.raises(StaleEdit):
            do(lambda d=digest: services.submit(actor, code, d))  # type: ignore[misc]
        assert everything() == before, name


def test_a_change_after_the_check_page_leads_back_to_it(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.DRAFT]
    browser = Browser(scene.app, here.applicant)
    page = browser.get(f"/applications/{code}/review")
    sent = {name: value_of(page, name) for name in ("seen", "key")}
    do(lambda: write(here.applicant, code, "staff_structure", "另一内容"))
    answer = browser.post(f"/applications/{code}/submit", truthful="y", **sent)
    assert answer.status_code == 302
    assert answer.location.endswith(f"/applications/{code}/review")
    assert find(code).state is S.DRAFT
    again = browser.get(answer.location)
    assert "另一内容" in again.text
    sent = {name: value_of(again, name) for name in ("seen", "key")}
    browser.post(f"/applications/{code}/submit", truthful="y", **sent)
    assert find(code).state is S.SUBMITTED


def test_who_does_not_confirm_does_not_submit(scene: Scene) -> None:
    code = scene.codes[S.DRAFT]
    browser = Browser(scene.app, scene.stage.applicant)
    answer = browser.post(f"/applications/{code}/submit", seen=seen(code), key="k")
    assert answer.location.endswith(f"/applications/{code}/review")
    assert find(code).state is S.DRAFT


def test_the_receipt_names_number_time_and_hash(scene: Scene) -> None:
    code = scene.codes[S.DRAFT]
    browser = Browser(scene.app, scene.stage.applicant)
    page = browser.get(f"/applications/{code}/review")
    sent = {name: value_of(page, name) for name in ("seen", "key")}
    answers = [
        browser.post(f"/applications/{code}/submit", truthful="y", **sent) for _again in range(3)
    ]
    assert {answer.location for answer in answers} == {f"/applications/{code}/receipt"}
    receipt = browser.get(answers[0].location).text
    application = find(code)
    submission = list_submissions(application.id)[0]
    assert submission is not None
    assert submission.sha256 == sent["seen"]
    for told in (application.number, "2026-03-02 09:00", submission.sha256):
        assert told
        assert told in receipt
    assert len(list_submissions(application.id)) == 1
    assert application.number == f"2026-{code[:5]}-{code[5:]}"


def test_each_round_is_kept_as_it_was(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.RETURNED]
    first = last_content(code)
    do(lambda: write(here.applicant, code, "support_funding", "每年30万元。"))
    submit(here.applicant, code)
    rounds = list_submissions(find(code).id)
    assert [s.round for s in rounds] == [2, 1]
    assert [s.by for s in rounds] == [here.applicant.person_id] * 2
    assert rounds[1].content == first
    assert rounds[0].content == last_content(code) != first
    for submission in rounds:
        assert sha256(submission.content.encode()).hexdigest() == submission.sha256
    papers = [p for p in list_papers(find(code).id) if p.kind == "application_form"]
    assert [p.round for p in papers] == [2, 1]
    assert [p.content["content_hash"] for p in papers] == [s.sha256 for s in rounds]
    assert len({p.name for p in papers}) == 2
    assert len({p.content["submission_number"] for p in papers}) == 1


def test_what_was_submitted_does_not_follow_later_names(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.SUBMITTED]
    before = last_content(code)
    name = find(code).institution.name

    def rename() -> None:
        db.session.get_one(Organization, here.applicant.organization_id).name = "改名医院"

    do(rename)
    assert last_content(code) == before
    assert json.loads(before)["institution"] == name
    paper = list_papers(find(code).id)[0]
    assert paper.content["institution_name"] == name


def test_only_the_institution_itself_submits(scene: Scene) -> None:
    code, before = scene.codes[S.DRAFT], everything()
    for actor in (scene.stage.rival, scene.stage.reception, scene.stage.commission):
        with pytest.raises(NotFound):
            do(lambda a=actor: services.submit(a, code, seen(code)))  # type: ignore[misc]
    assert everything() == before


def test_numbers_tell_nothing_about_others(scene: Scene) -> None:
    numbers = db.session.scalars(
        sa.select(Application.number).where(Application.number.is_not(None))
    ).all()
    assert len(set(numbers)) == len(numbers) == 8
    assert all(str(number).startswith("2026-") for number in numbers)


@pytest.mark.usefixtures("clock")
def test_an_empty_key_is_no_key(app: Flask) -> None:
    """Two submissions that came without one are two, and both are done."""
    here = stage(specialties=("麻醉", "放射"))
    codes = [filled(here, specialty=name) for name in ("麻醉", "放射")]
    browser = Browser(app, here.applicant)
    for code in codes:
        browser.post(f"/applications/{code}/submit", truthful="y", seen=seen(code), key="")
    assert [find(code).state for code in codes] == [S.SUBMITTED] * 2


@pytest.mark.usefixtures("app", "clock")
def test_an_incomplete_application_says_all_that_is_missing() -> None:
    here = stage()
    code = draft(here)
    rules = {finding.rule for finding in services.findings_at_submission(find(code))}
    assert {"form.complete", "report.sections", "officers.director_count"} <= rules
    assert "hosting.grade" not in rules  # the register knows it
