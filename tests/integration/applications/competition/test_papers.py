"""The papers of a competition: its result, and its file as a PDF and as a zip."""

import io
import json
import zipfile
from hashlib import sha256

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from qcc.applications import services
from qcc.applications.documents import HTML_OF
from qcc.applications.services.archiving import make_zip, note_zip
from qcc.infra import files
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db, transaction
from qcc.infra.errors import NotFound
from qcc.infra.papers import Paper, PaperState, issue_pending
from qcc.kernel.workflow import ActionNotPossible
from tests.factories.applications import do
from tests.factories.competitions import Contest
from tests.integration.applications.competition.conftest import Compete


def papers(contest: Contest, kind: str) -> list[Paper]:
    """The papers of the competition of that kind, made."""
    while issue_pending(HTML_OF):
        pass
    found = db.session.scalars(
        sa.select(Paper)
        .filter_by(kind=kind, subject_type="competition", subject_id=contest.row.id)
        .order_by(Paper.id)
    ).all()
    assert all(paper.state is PaperState.ISSUED for paper in found)
    return list(found)


def text_of(paper: Paper) -> str:
    assert paper.file is not None
    pages = PdfReader(io.BytesIO(files.read(paper.file))).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def test_the_result_is_a_numbered_paper_of_the_receiving_body(compete: Compete) -> None:
    contest = compete("lodged")
    assert papers(contest, "review_result") == []
    contest.act(services.close_review, contest.reception)
    (paper,) = papers(contest, "review_result")
    assert paper.number
    said = text_of(paper)
    for word in ("90.00", "测试第一医院", "测试第三医院"):
        assert word in said


def test_of_a_tie_the_result_is_issued_when_the_commission_has_chosen(compete: Compete) -> None:
    contest = compete("closed", [("90", "45"), ("90", "45"), ("70", "35")])
    assert papers(contest, "review_result") == []
    chosen = contest.entries()[1]
    contest.act(services.decide_tie, contest.commission, chosen, "质控工作基础更好")
    (paper,) = papers(contest, "review_result")
    assert "质控工作基础更好" in text_of(paper)


def test_the_file_of_a_competition_holds_everything(compete: Compete) -> None:
    contest = compete("closed")
    first = contest.entries()[0]
    do(lambda: services.propose(contest.reception, first, True, "评审第一名"))
    do(lambda: services.approve(contest.commission, first))
    contest.act(services.ask_for_archive, contest.reception)
    (paper,) = papers(contest, "competition_archive")
    said = text_of(paper)
    for word in ("竞争方案", "启封", "学科实力", "评审专家", "批准测试", "质控能力", "SHA-256"):
        assert word in said
    target = io.BytesIO()
    made = make_zip(contest.commission, contest.code, target)
    with transaction():
        note_zip(contest.commission, made)
    assert made.name.endswith(".zip")
    with zipfile.ZipFile(target) as archive:
        manifest = json.loads(archive.read("manifest.json"))["files"]
        assert {row["name"] for row in manifest} | {"manifest.json"} == set(archive.namelist())
        for row in manifest:
            assert sha256(archive.read(row["name"])).hexdigest() == row["sha256"]
        assert sum("/附件/" in row["name"] for row in manifest) >= 9
    logged = sa.select(AuditEvent.event).where(AuditEvent.event.startswith("competition.archive"))
    assert set(db.session.scalars(logged)) == {"competition.archived", "competition.archive_read"}


def test_nobody_else_gets_it_and_not_before_the_close(compete: Compete) -> None:
    contest = compete("lodged")
    with pytest.raises(ActionNotPossible):
        contest.act(services.ask_for_archive, contest.reception)
    contest.act(services.close_review, contest.reception)
    for actor in (contest.hospitals[0], contest.experts["评审0"], *contest.reviews().values()):
        with pytest.raises(NotFound):
            contest.act(services.ask_for_archive, actor)
        with pytest.raises(NotFound):
            make_zip(actor, contest.code, io.BytesIO())
