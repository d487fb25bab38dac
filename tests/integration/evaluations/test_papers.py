"""Official papers of assessments: numbered, verified, made of what was decided; commendations."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from qcc.evaluations.documents.official import HTML_OF
from qcc.evaluations.models import Commendation
from qcc.evaluations.services import appealing, commending
from qcc.infra import clock as now
from qcc.infra import files
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.papers import Paper, PaperState, issue_pending
from tests.conftest import Clock
from tests.factories import evaluations as rounds
from tests.factories.applications import do
from tests.factories.centers import sit_down
from tests.factories.evaluations import Scene
from tests.integration.experts.test_pages import token_of
from tests.papers import squeezed, text_of

pytestmark = pytest.mark.parametrize("engine_kind", ["sqlite"])


@pytest.fixture
def here(app: Flask, clock: Clock) -> Scene:
    """Three results, final: the first and the second excellent, the third failed."""
    clock.set(datetime(2026, 12, 1, 1, tzinfo=UTC))
    scene = rounds.published(rounds.scene(centers=3, assessors=1), 2026, ("0.95", "0.92", "0.5"))
    clock.forward(timedelta(days=60))
    do(lambda: appealing.finalize_all(now.today()))
    return scene


def papers(kind: str) -> list[Paper]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Paper).filter_by(kind=kind).order_by(Paper.id)))


def test_a_final_result_is_told_by_a_numbered_paper(here: Scene, client: FlaskClient) -> None:
    asked = papers("assessment_result")
    assert len(asked) == 3
    assert [paper.serial for paper in asked] == [1, 2, 3]
    while issue_pending(HTML_OF):
        pass
    first, _second, failed = papers("assessment_result")
    assert {first.state, failed.state} == {PaperState.ISSUED}
    assert first.file is not None
    assert failed.file is not None
    text = text_of(files.read(first.file))
    for words in ("95.00分", "优秀", first.number, first.code, "总结经验"):
        assert squeezed(words) in text
    assert "未达标" in text_of(files.read(failed.file))
    sit_down(client, here.secretaries[0])
    page = client.get(f"/assessments/{here.codes[0]}").text
    assert first.number in page
    assert client.get(f"/papers/{first.code}/file").status_code == 200
    assert client.get(f"/papers/{failed.code}/file").status_code == 404
    client.post("/sign-out", data={"csrf_token": token_of(page)})
    assert first.number in client.get(f"/verify/{first.code}").text


def test_the_commission_commends_excellent_centers(here: Scene, client: FlaskClient) -> None:
    first, second, failed = (here.assessment(number).id for number in range(3))
    at = f"/rounds/{here.code}"
    sit_down(client, here.commission)
    page = client.get(at).text
    assert f"reason-{first}" in page
    assert f"reason-{failed}" not in page
    sent = {"csrf_token": token_of(page), f"reason-{first}": "", f"reason-{second}": " "}
    assert client.post(f"{at}/commend", data=sent).status_code == 422
    wrong = {**sent, f"reason-{first}": "数据质量好", f"reason-{failed}": "不该表扬"}
    refused = client.post(f"{at}/commend", data=wrong)
    assert refused.status_code == 422
    assert "数据质量好" in refused.text  # what was typed stays
    sent[f"reason-{first}"] = "指标改进成效显著"
    assert client.post(f"{at}/commend", data=sent).status_code == 302
    assert client.post(f"{at}/commend", data=sent).status_code == 422  # each once
    issue_pending(HTML_OF)
    (circular,) = papers("commendation")
    assert circular.file is not None
    text = text_of(files.read(circular.file))
    assert squeezed("指标改进成效显著。") in text
    assert circular.number in client.get(at).text
    sit_down(client, here.secretaries[2])  # a circular is for all centers of the place
    assert client.get(f"/papers/{circular.code}/file").status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Commendation)) == 1


def test_nobody_else_commends(here: Scene) -> None:
    reasons = {here.assessment().id: "好"}
    with pytest.raises(NotFound):
        do(lambda: commending.commend(here.evaluation, here.code, reasons))
    with pytest.raises((NotFound, Refused)):
        do(lambda: commending.commend(here.directors[0], here.code, reasons))
