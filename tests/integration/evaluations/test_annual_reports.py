"""Annual reports: what they tell, who gets them, made by the queue alone or for all centers."""

import io
import subprocess
import sys
import zipfile
from datetime import datetime

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

import config
from qcc.evaluations.documents import annual_report
from qcc.evaluations.models import AnnualReport, ReportBatch
from qcc.evaluations.queries.annual_report import read_center_year
from qcc.evaluations.queries.reports import get_reported_center
from qcc.evaluations.rules.documents import DocumentKind
from qcc.evaluations.services import reporting
from qcc.infra import clock as now
from qcc.infra import files, queue
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.queue import Task, TaskState
from qcc.kernel.dates import SHANGHAI
from tests.conftest import Clock
from tests.counting import statements
from tests.factories import documents as make
from tests.factories import evaluations as rounds
from tests.factories.applications import do
from tests.factories.centers import sit_down
from tests.factories.evaluations import Scene
from tests.integration.conftest import Kept
from tests.integration.experts.test_pages import token_of
from tests.papers import has_tofu, squeezed, text_of

YEAR = 2026
pytestmark = pytest.mark.parametrize("engine_kind", ["sqlite"])


def _played() -> Scene:
    """Two centers: the first has documents, tasks and a published result, the other nothing."""
    here = rounds.scene(centers=2, assessors=1)
    make.submitted(here.directors[0], DocumentKind.SUMMARY, YEAR)
    code = make.assigned(here.commission, now.today(), here.centers[0])[0]
    make.reported(here.secretaries[0], code)
    return rounds.published(here, YEAR, ("0.8", "0.9"))


@pytest.fixture
def here(app: Flask, clock: Clock, kept: Kept[Scene]) -> Scene:
    clock.set(datetime(YEAR, 12, 28, 9, tzinfo=SHANGHAI))
    return kept("annual_reports", _played)


def html_of(here: Scene, number: int, year: int = YEAR) -> str:
    center = get_reported_center(here.commission, here.centers[number])
    return annual_report.html(read_center_year(center, year, now.today()))


def run_all() -> int:
    """What the workers do: every task that waits, and those that are asked for meanwhile."""
    done = 0
    while keys := db.session.scalars(
        sa.select(Task.id).filter_by(state=TaskState.WAITING).order_by(Task.id)
    ).all():
        db.session.rollback()
        done += sum(queue.run_task(key) for key in keys)
    return done


def test_what_is_on_record_stands_in_it_as_vectors(here: Scene) -> None:
    center = get_reported_center(here.commission, here.centers[0])
    made = annual_report.pdf(read_center_year(center, YEAR, now.today()))
    text = text_of(made)
    for words in (
        f"{center.name}{YEAR}年度报告",
        "按年度目标推进，均已落实。",
        "报送半年质控数据",
        "80.00",
        "良好",
        "目录",
        "十、整改",
    ):
        assert squeezed(words) in text
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert [image for page in reader.pages for image in page.images] == []
    assert len(reader.outline) >= 10
    assert not has_tofu(made)


def test_a_center_without_data_gets_a_short_honest_report(here: Scene) -> None:
    made = annual_report.pdf(
        read_center_year(get_reported_center(here.commission, here.centers[1]), 2021, now.today())
    )
    assert text_of(made).count("无记录") >= 10
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) < 10


def test_sealed_scores_and_drafts_stay_out(app: Flask, clock: Clock, here: Scene) -> None:
    make.written(here.secretaries[1], DocumentKind.SUMMARY, YEAR)
    rounds.lodged(here, YEAR, ("0.7", "0.7"), repeats=here.code)
    html = html_of(here, 1)
    assert "90.00" in html
    assert "70.00" not in html
    assert "按年度目标推进" not in html


def test_as_many_queries_for_every_center(here: Scene) -> None:
    counts = []
    for number in (0, 1):
        db.session.expire_all()
        with statements() as made:
            html_of(here, number)
        counts.append(len(made))
    assert abs(counts[0] - counts[1]) <= 3  # nothing to fetch is not fetched
    assert max(counts) <= 30


def test_a_secretary_has_the_report_made(here: Scene, client: FlaskClient) -> None:
    sit_down(client, here.secretaries[0])
    page = client.get("/annual-reports").text
    sent = {"csrf_token": token_of(page), "center": here.centers[0], "year": YEAR, "key": "one"}
    first = client.post("/annual-reports", data=sent)
    again = client.post("/annual-reports", data=sent)
    assert first.location == again.location  # a double click
    while_it_waits = client.post("/annual-reports", data=sent | {"key": "two"})
    assert first.location == while_it_waits.location
    assert "排队中" in client.get(first.location).text
    run_all()
    page = client.get(first.location).text
    report = db.session.scalars(sa.select(AnnualReport)).one()
    assert report.file is not None
    assert report.file.sha256 in page
    data = client.get(f"{first.location}/file").data
    assert data.startswith(b"%PDF")
    sit_down(client, here.secretaries[1])
    assert client.get(first.location).status_code == 404
    assert client.get(f"{first.location}/file").status_code == 404


def test_nobody_asks_for_what_is_not_in_reach(here: Scene) -> None:
    with pytest.raises(NotFound):
        do(lambda: reporting.ask_for_report(here.secretaries[0], here.centers[1], YEAR))
    for year in (2020, YEAR + 1):
        with pytest.raises(Refused):
            do(lambda y=year: reporting.ask_for_report(here.commission, here.centers[0], y))
        with pytest.raises(Refused):
            do(lambda y=year: reporting.ask_for_batch(here.commission, y))


def batch_of(code: str) -> ReportBatch:
    db.session.rollback()
    return db.session.scalars(sa.select(ReportBatch).filter_by(code=code)).one()


def test_all_reports_are_packed_once_the_last_is_made(here: Scene, client: FlaskClient) -> None:
    code = do(lambda: reporting.ask_for_batch(here.commission, YEAR).code)
    sit_down(client, here.commission)
    at = f"/annual-reports/batches/{code}"
    assert "0 / 2" in client.get(at).text
    run_all()
    assert "2 / 2" in client.get(at).text
    with zipfile.ZipFile(io.BytesIO(client.get(f"{at}/file").data)) as archive:
        names = archive.namelist()
        assert len(names) == 3
        sums = archive.read("SHA256SUMS.txt").decode()
        assert all(name in sums for name in names[:2])
    told = client.get("/inbox").text
    assert told.count("全部中心年度报告") == told.count("后台任务已完成") == 1  # not of each
    sit_down(client, here.colleague)
    assert client.get(at).status_code == 200
    sit_down(client, here.evaluation)
    assert client.get(at).status_code == 404


def test_one_that_fails_is_named_and_made_again(here: Scene, client: FlaskClient) -> None:
    code = do(lambda: reporting.ask_for_batch(here.commission, YEAR).code)
    first = db.session.scalars(sa.select(AnnualReport).order_by(AnnualReport.id)).first()
    assert first is not None
    again = first.code
    with transaction():
        task = db.session.get_one(Task, first.task_id)
        task.attempts = 5  # whatever killed each worker
    run_all()
    sit_down(client, here.commission)
    at = f"/annual-reports/batches/{code}"
    page = client.get(at).text
    assert "1 份未能生成" in page
    assert "多次尝试均未成功" in page
    assert batch_of(code).file is None
    client.post(f"{at}/pack", data={"csrf_token": token_of(page)})
    run_all()
    packed = batch_of(code).file
    assert packed is not None
    assert b"SHA256SUMS" in files.read(packed)
    client.post(f"{at}/again", data={"csrf_token": token_of(client.get(at).text)})
    run_all()
    assert "2 / 2" in client.get(at).text
    newest = batch_of(code).file
    assert newest is not None
    with zipfile.ZipFile(io.BytesIO(files.read(newest))) as archive:
        assert len(archive.namelist()) == 3
    with pytest.raises(Refused):
        do(lambda: reporting.ask_again(here.commission, again))


def test_a_killed_worker_costs_nothing(app: Flask) -> None:
    """Two workers share a batch, one of them is killed: every report is made once, packed once."""
    here = rounds.scene(centers=2, assessors=1)
    code = do(lambda: reporting.ask_for_batch(here.commission, now.today().year).code)
    db.session.remove()
    db.engine.dispose()
    address, folder = app.config["SQLALCHEMY_DATABASE_URI"], app.config["DATA_DIR"]
    command = [sys.executable, "-m", "tests.queueworker", address, folder, "1", "2"]
    subprocess.run(command, cwd=config.ROOT, check=True, timeout=200)
    made = sa.select(AuditEvent.subject_id).where(AuditEvent.event == "annual_report.made")
    reports = db.session.scalars(sa.select(AnnualReport)).all()
    assert sorted(db.session.scalars(made)) == sorted(str(report.id) for report in reports)
    assert all(report.file_id for report in reports)
    packed = sa.select(sa.func.count()).where(AuditEvent.event == "report_batch.packed")
    assert db.session.scalar(packed) == 1
    assert batch_of(code).file is not None
