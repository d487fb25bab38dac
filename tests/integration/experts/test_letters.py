"""All letters of appointment at once: a worker makes those that are missing, and packs them."""

import io
import zipfile

import sqlalchemy as sa
from flask.testing import FlaskClient

from qcc.experts.documents import HTML_OF
from qcc.experts.services.papers import LETTER
from qcc.infra import queue
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db
from qcc.infra.papers import Paper, PaperState, issue_pending
from tests.factories.centers import sit_down
from tests.integration.experts.conftest import Stage
from tests.integration.experts.test_pages import send
from tests.papers import text_of


def test_letters_are_made_and_packed_once(stage: Stage, client: FlaskClient) -> None:
    here = stage("approved")
    page = f"/panels/{here.panel_id}"
    names = [member.expert.person.name for member in here.panel.present_members]
    sit_down(client, here.secretary)
    _status, shown = send(client, f"{page}/letters", page, key="all")
    assert "/tasks/" in shown
    assert send(client, f"{page}/letters", page, key="all")[1] == shown, "asked for once"
    task = db.session.scalars(sa.select(queue.Task)).one()
    at, key = f"/tasks/{task.code}", task.id
    issue_pending({LETTER: HTML_OF[LETTER]}, limit=2)  # the clock is at it too
    assert queue.run_task(key)
    with client.get(f"{at}/file") as answer, zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        read = [text_of(packed.read(name)) for name in packed.namelist()]
    assert len(read) == len(names)
    assert all(name in text for name, text in zip(names, read, strict=True))
    db.session.rollback()
    letters = db.session.scalars(sa.select(Paper).filter_by(kind=LETTER)).all()
    assert {paper.state for paper in letters} == {PaperState.ISSUED}
    assert issue_pending({LETTER: HTML_OF[LETTER]}) == 0
    events = sa.select(sa.func.count()).select_from(AuditEvent)
    assert db.session.scalar(events.filter_by(event="panel.letters_read")) == 1


def test_before_the_approval_there_are_none(stage: Stage, client: FlaskClient) -> None:
    here = stage("under_review")
    page = f"/panels/{here.panel_id}"
    sit_down(client, here.secretary)
    assert send(client, f"{page}/letters", page, key="all")[0] == 404
    assert "letters" not in client.get(page).text
