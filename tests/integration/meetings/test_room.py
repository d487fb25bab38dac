"""Signing in by the code in the room: who is invited, at that meeting, around its time."""

import json
import re
from datetime import timedelta

import sqlalchemy as sa
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from qcc.infra.audit import AuditEvent
from qcc.infra.db import db
from qcc.kernel.permissions import Actor
from qcc.meetings.services import preparing
from tests.conftest import Clock
from tests.factories.centers import sit_down
from tests.integration.experts.test_pages import token_of
from tests.integration.meetings import scenes
from tests.integration.meetings.conftest import Begin

OVER = timedelta(days=6, hours=23, minutes=30)
"""From the notice to half an hour before the meeting."""


def scanned(page: str) -> str:
    """What a telephone reads off the page: its picture is drawn anew, bar by bar."""
    drawing = page.partition('class="room-code"')[2].partition("</svg>")[0]
    size = int(re.search(r'viewBox="0 0 (\d+)', drawing).group(1))  # type: ignore[union-attr]
    picture = Image.new("L", (size * 4, size * 4), 255)
    draw = ImageDraw.Draw(picture)
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)", drawing):
        left, top, width = int(x) * 4, int(y) * 4, int(wide) * 4
        draw.rectangle((left, top, left + width - 1, top + 3), fill=0)
    (found,) = zxingcpp.read_barcodes(picture)
    address: str = found.text
    assert address.startswith("http://127.0.0.1:8000/meetings/")
    return address.removeprefix("http://127.0.0.1:8000")


def code_of(client: FlaskClient, here: scenes.Scene) -> str:
    """The address in the code that the secretary shows."""
    sit_down(client, here.secretary)
    return scanned(client.get(f"/meetings/{here.meeting_id}/room").text)


def scan(client: FlaskClient, actor: Actor, address: str) -> int:
    """Open the address at one's own desk, and press the button if there is one."""
    sit_down(client, actor)
    page = client.get(address)
    if page.status_code != 200:
        return page.status_code
    data = {"csrf_token": token_of(page.text)}
    return client.post(address, data=data).status_code


def test_whoever_is_invited_signs_in_once(client: FlaskClient, clock: Clock, begin: Begin) -> None:
    here = begin("announced")
    clock.forward(OVER)
    address = code_of(client, here)
    assert scan(client, here.lower.director, address) == 302
    first = here.invitation(here.lower.center.name).signed_in_at
    assert first is not None
    clock.forward(timedelta(minutes=5))
    assert scan(client, here.lower.secretary, address) == 302
    assert here.invitation(here.lower.center.name).signed_in_at == first
    events = db.session.scalars(sa.select(AuditEvent).filter_by(event="meeting.signed_in")).all()
    assert [json.loads(event.detail)["by"] for event in events] == ["code"]


def test_nobody_else_does(client: FlaskClient, clock: Clock, begin: Begin) -> None:
    """Not who is not invited, not with another meeting's code, not by guessing."""
    here = begin("announced")
    clock.forward(OVER)
    address = code_of(client, here)
    assert scan(client, here.other.director, address) == 404
    assert scan(client, here.commission, address) == 403
    assert scan(client, here.lower.director, address[:-1] + "x") == 404
    sit_down(client, here.lower.secretary)
    assert client.get(f"/meetings/{here.meeting_id}/room").status_code == 404
    assert here.invitation(here.lower.center.name).signed_in_at is None


def test_only_around_the_meeting(client: FlaskClient, clock: Clock, begin: Begin) -> None:
    here = begin("announced")
    early = code_of(client, here)
    assert scan(client, here.lower.director, early) == 422
    clock.forward(OVER + timedelta(days=1))
    assert scan(client, here.lower.director, early) == 422
    assert here.invitation(here.lower.center.name).signed_in_at is None


def test_another_time_makes_another_code(client: FlaskClient, clock: Clock, begin: Begin) -> None:
    here = begin("announced")
    before = code_of(client, here)
    later = here.meeting.starts_at + timedelta(hours=1)
    here.step(preparing.plan_meeting, None, scenes.plan(later))
    clock.forward(OVER + timedelta(hours=1))
    assert scan(client, here.lower.director, before) == 404
    assert scan(client, here.lower.director, code_of(client, here)) == 302
