"""Papers: made once from what was fixed, never again; what cannot be made is seen."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa

from qcc.applications import services
from qcc.applications.documents import HTML_OF
from qcc.applications.jobs import issue_papers
from qcc.applications.workflow import ApplicationState
from qcc.infra import files
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db
from qcc.infra.files import StoredFile
from qcc.infra.papers import Paper, PaperState, Renderers, issue_pending
from qcc.organizations.models import Organization
from tests.factories.applications import FORM, do, find, submit
from tests.integration.applications.browser import Browser
from tests.integration.applications.conftest import Scene
from tests.papers import squeezed, text_of

S = ApplicationState
PLAIN: Renderers = {kind: lambda content: f"<p>{content['content_hash']}</p>" for kind in HTML_OF}


def papers() -> list[Paper]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Paper).order_by(Paper.id)))


def only(scene: Scene, state: ApplicationState, kind: str = "application_form") -> Paper:
    """The one paper left to be made: others are taken to be made already."""
    subject = find(scene.codes[state]).id

    def forget() -> None:
        db.session.execute(sa.delete(Paper).where(
            sa.or_(Paper.subject_id != subject, Paper.kind != kind)))  # fmt: skip

    do(forget)
    (paper,) = papers()
    return paper


def test_the_form_says_what_was_submitted(scene: Scene) -> None:
    """Also when the hospital takes another name before the paper is made."""
    paper = only(scene, S.SUBMITTED)
    application = find(scene.codes[S.SUBMITTED])
    name = application.institution.name

    def rename() -> None:
        db.session.get_one(Organization, application.institution_id).name = "改名医院"

    do(rename)
    assert issue_papers() == "1 issued"
    (made,) = papers()
    assert (made.state, made.attempts) == (PaperState.ISSUED, 0)
    assert made.file is not None
    pdf = files.read(made.file)
    assert sha256(pdf).hexdigest() == made.sha256 == made.file.sha256
    text = text_of(pdf)
    officers = {o.post.value: o for o in application.officers}
    for written in (
        name,
        application.center.name,
        FORM["legal_representative"],
        FORM["reason"],
        officers["director"].name,
        officers["director"].area_in_charge,
        officers["executive_deputy"].name,
        officers["executive_deputy"].ability,
        application.number,
        paper.content["content_hash"],
        "提交日期2026-03-02",
        "浙江省医疗质量控制中心和医疗技术指导中心",
    ):
        assert squeezed(str(written)) in text, written
    assert "改名医院" not in text
    # one page: the annex's
    assert text.count("设置申请表") == 1


def test_an_issued_paper_is_never_made_again(scene: Scene) -> None:
    only(scene, S.SUBMITTED)
    assert issue_pending(PLAIN) == 1
    (first,) = papers()
    made_at, digest, file_id = first.issued_at, first.sha256, first.file_id
    for _again in range(3):
        assert issue_pending(PLAIN) == 0
    (last,) = papers()
    assert (last.issued_at, last.sha256, last.file_id) == (made_at, digest, file_id)
    issued = db.session.query(AuditEvent).filter_by(event="paper.issued").all()
    assert len(issued) == 1
    assert digest in issued[0].detail
    browser = Browser(scene.app, scene.stage.applicant)
    url = f"/applications/{scene.codes[S.SUBMITTED]}/papers/application_form/1"
    answers = [browser.get(url) for _again in range(2)]
    assert {sha256(answer.data).hexdigest() for answer in answers} == {digest}
    assert answers[0].headers["Content-Disposition"].startswith("attachment")
    read = db.session.query(AuditEvent).filter_by(event="paper.read").count()
    assert read == len(answers)


class Wrong(Exception):
    """A template that does not fit its content."""


def test_a_paper_that_fails_is_tried_three_times_and_then_seen_as_failed(scene: Scene) -> None:
    only(scene, S.SUBMITTED)
    tried = []

    def fail(content: Mapping[str, Any]) -> str:
        tried.append(content)
        raise Wrong

    for _again in range(5):
        assert issue_pending({"application_form": fail}) == 0
    (paper,) = papers()
    assert (paper.state, paper.attempts, paper.error) == (PaperState.FAILED, 3, "Wrong")
    assert len(tried) == 3
    code = scene.codes[S.SUBMITTED]
    for actor in (scene.stage.applicant, scene.stage.reception):
        page = Browser(scene.app, actor).get(f"/applications/{code}/papers").text
        assert paper.name in page
        assert "tone-danger" in page
        assert "hx-get" not in page  # nothing more to wait for
        assert f"/applications/{code}/papers/application_form/1" not in page
    browser = Browser(scene.app, scene.stage.applicant)
    assert browser.get(f"/applications/{code}/papers/application_form/1").status_code == 404


def test_one_paper_that_fails_does_not_keep_the_others_back(scene: Scene) -> None:
    bad = find(scene.codes[S.SUBMITTED]).number

    def html(content: Mapping[str, Any]) -> str:
        if content["submission_number"] == bad:
            raise Wrong
        return "<p>好</p>"

    asked = [p for p in papers() if p.kind == "application_form"]
    assert issue_pending({"application_form": html}) == len(asked) - 1
    left = [p for p in papers() if p.kind == "application_form" and p.state is PaperState.PENDING]
    assert [p.content["submission_number"] for p in left] == [bad]


def test_a_paper_that_failed_once_is_made_the_next_time(scene: Scene) -> None:
    only(scene, S.SUBMITTED)

    def fail(_content: Mapping[str, Any]) -> str:
        raise Wrong

    assert issue_pending({"application_form": fail}) == 0
    (paper,) = papers()
    assert (paper.state, paper.attempts, paper.error) == (PaperState.PENDING, 1, "Wrong")
    assert issue_pending(PLAIN) == 1
    (paper,) = papers()
    assert (paper.state, paper.error) == (PaperState.ISSUED, "")


def test_a_failure_noted_late_does_not_touch_an_issued_paper(scene: Scene) -> None:
    """Two jobs by mistake: the one that fails comes after the one that did it."""
    only(scene, S.SUBMITTED)

    def slow(content: Mapping[str, Any]) -> str:
        issue_pending(PLAIN)
        raise Wrong

    assert issue_pending({"application_form": slow}) == 0
    (paper,) = papers()
    assert (paper.state, paper.attempts) == (PaperState.ISSUED, 0)
    assert db.session.query(StoredFile).filter_by(sha256=paper.sha256).count() == 1


def test_two_jobs_at_once_issue_a_paper_once(scene: Scene) -> None:
    only(scene, S.SUBMITTED)

    def meanwhile(content: Mapping[str, Any]) -> str:
        assert issue_pending(PLAIN) == 1
        return PLAIN["application_form"](content)

    assert issue_pending({"application_form": meanwhile}) == 0
    (paper,) = papers()
    assert db.session.query(StoredFile).filter_by(sha256=paper.sha256).count() == 1
    assert db.session.query(AuditEvent).filter_by(event="paper.issued").count() == 1


@pytest.mark.parametrize("state", [S.APPROVED, S.REFUSED])
def test_the_decision_says_what_was_decided(scene: Scene, state: ApplicationState) -> None:
    only(scene, state, "decision")
    assert issue_papers() == "1 issued"
    (paper,) = papers()
    assert paper.file is not None
    text = text_of(files.read(paper.file))
    application = find(scene.codes[state])
    told = [application.institution.name, application.center.name, application.number]
    if state is S.APPROVED:
        told += [officer.name for officer in application.officers]
    else:
        told += ["不予同意", "择优确定其他单位"]
    for words in told:
        assert squeezed(str(words)) in text


def test_each_round_has_its_own_paper(scene: Scene) -> None:
    code = scene.codes[S.RETURNED]
    form = {**FORM, "reason": "补充后的理由。"}
    do(lambda: services.save_form(scene.stage.applicant, code, find(code).version, form))
    submit(scene.stage.applicant, code)
    forms = [p for p in papers() if p.subject_id == find(code).id]
    assert [(p.round, p.content["reason"]) for p in forms] == [
        (1, FORM["reason"]),
        (2, "补充后的理由。"),
    ]
