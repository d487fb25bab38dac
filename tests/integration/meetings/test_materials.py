"""Files of a meeting, what is attached to the report of a task, and experts who are invited."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from qcc.experts.models import Expert
from qcc.experts.services.people import register_expert
from qcc.infra.db import db, transaction
from qcc.infra.errors import Refused
from qcc.kernel.permissions import Actor, Role
from qcc.meetings.models import MeetingFile
from qcc.meetings.services import holding, inviting, preparing
from qcc.meetings.workflow import ActionState
from tests.factories.centers import PDF, new_actor, sit_down
from tests.integration.experts.scenes import particulars
from tests.integration.experts.test_pages import token_of
from tests.integration.meetings import scenes
from tests.integration.meetings.conftest import Begin


def send(client: FlaskClient, actor: Actor, path: str, shown: str, **fields: object) -> int:
    """Send a form of the page shown at *shown*, with files if there are any."""
    sit_down(client, actor)
    data = {"csrf_token": token_of(client.get(shown).text), **fields}
    return client.post(path, data=data, content_type="multipart/form-data").status_code


def download(client: FlaskClient, actor: Actor, path: str) -> tuple[int, bytes]:
    """What the actor gets there."""
    sit_down(client, actor)
    answer = client.get(path)
    return answer.status_code, answer.data


def test_files_are_for_those_invited(client: FlaskClient, begin: Begin) -> None:
    """Authorities read them once the minutes are signed; from then on nothing is added."""
    here = begin("drafting")
    page = f"/meetings/{here.meeting_id}"

    def upload(name: str) -> int:
        file = (BytesIO(PDF), name)
        return send(client, here.secretary, f"{page}/files", page, kind="slides", file=file)

    assert upload("汇报.pdf") == 302
    assert upload("废稿.pdf") == 302
    assert upload("程序.exe") == 422
    kept, spoilt = db.session.scalars(sa.select(MeetingFile).order_by(MeetingFile.id))
    path, gone = f"{page}/files/{kept.code}", f"{page}/files/{spoilt.code}"
    assert send(client, here.secretary, f"{gone}/remove", page) == 302
    assert send(client, here.lower.secretary, f"{path}/remove", page) == 404
    assert download(client, here.secretary, gone)[0] == 404
    assert download(client, here.lower.director, path) == (200, PDF)
    assert download(client, here.commission, path)[0] == 404
    assert download(client, here.other.director, path)[0] == 404
    here.step(holding.circulate)
    here.step(holding.sign_minutes, here.director)
    assert download(client, here.commission, path) == (200, PDF)
    assert upload("迟到.pdf") == 422


def test_evidence_comes_with_the_report(client: FlaskClient, begin: Begin) -> None:
    here = begin("final")
    (item,) = here.meeting.sections[0].actions
    page = f"/actions/{item.id}"
    fields = {"version": item.version, "evidence": "已报送", "file": (BytesIO(PDF), "数据.pdf")}
    assert send(client, here.lower.secretary, f"{page}/report", page, **fields) == 302
    assert here.meeting.sections[0].actions[0].state is ActionState.DONE
    assert "数据.pdf" in client.get(page).text
    assert download(client, here.secretary, f"{page}/evidence") == (200, PDF)
    assert download(client, here.other.secretary, f"{page}/evidence")[0] == 404


def registered(here: scenes.Scene) -> tuple[str, Actor]:
    """An expert of the specialty with an account: code, and who sits at that desk."""
    employer = here.own.employer("h1")
    code = here.act(register_expert, here.secretary, particulars(employer)).code
    with transaction() as session:
        expert = session.scalars(sa.select(Expert).filter_by(code=code)).one()
        return code, new_actor(expert.person.employer or employer, Role.EXPERT, expert.person)


def test_an_expert_is_invited_by_person(client: FlaskClient, begin: Begin) -> None:
    """And sees that meeting alone, once the notice is sent; the minutes from the circulation on."""
    here = begin("proposed")
    code, expert = registered(here)
    page = f"/meetings/{here.meeting_id}"
    sit_down(client, here.secretary)
    assert f'value="{code}"' in client.get(page).text
    assert send(client, here.secretary, f"{page}/experts", page, expert=code) == 302
    with pytest.raises(Refused):
        here.act(inviting.invite_expert, here.secretary, here.meeting_id, code)
    assert download(client, expert, page)[0] == 404
    here.step(preparing.announce)
    assert download(client, expert, page)[0] == 200
    key = here.invitation(expert.name).id
    assert send(client, expert, f"{page}/invitations/{key}/answer", page, reply="yes") == 302
    assert "修改时间和地点" not in client.get(page).text
