"""Corrections of minutes by those invited; new answers for a new hour; the whole panel."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from qcc.infra import clock as product_clock
from qcc.infra.errors import NotFound, Refused
from qcc.meetings.models import Reply
from qcc.meetings.queries import list_corrections
from qcc.meetings.services import holding, inviting, preparing
from tests.conftest import Clock
from tests.factories.centers import sit_down
from tests.integration.meetings import scenes
from tests.integration.meetings.conftest import Begin

WORDS = "第二项决定的时限应为两周。"


def test_who_was_invited_asks_for_a_correction(client: FlaskClient, begin: Begin) -> None:
    here = begin("drafting")
    with pytest.raises(Refused):
        here.act(holding.correct, here.lower.director, here.meeting_id, WORDS)
    here.step(holding.circulate)
    here.act(holding.correct, here.lower.director, here.meeting_id, WORDS)
    with pytest.raises(NotFound):
        here.act(holding.correct, here.other.director, here.meeting_id, WORDS)
    (found,) = list_corrections(here.meeting_id)
    assert (found.text, found.person_id) == (WORDS, here.lower.director.person_id)
    for reader, reads in (
        (here.secretary, True),
        (here.lower.director, True),
        (here.lower.secretary, False),
        (here.commission, False),
    ):
        page = sit_down(client, reader).get(f"/meetings/{here.meeting_id}")
        assert (WORDS in page.get_data(as_text=True)) is reads


def test_corrections_are_taken_to_the_end_of_the_last_day(clock: Clock, begin: Begin) -> None:
    here = begin("correcting")
    last = here.meeting.correct_by
    assert last is not None
    clock.forward(timedelta(days=(last - product_clock.today()).days))
    here.act(holding.correct, here.lower.director, here.meeting_id, WORDS)
    clock.forward(timedelta(days=1))
    with pytest.raises(Refused):
        here.act(holding.correct, here.lower.director, here.meeting_id, WORDS)


def test_a_new_hour_asks_for_new_answers(begin: Begin) -> None:
    here = begin("announced")
    invited = here.invitation(here.lower.center.name)
    answer = (here.meeting_id, invited.id, Reply.YES)
    here.act(inviting.answer, here.lower.director, *answer)
    same = scenes.plan(here.meeting.starts_at)
    here.step(preparing.plan_meeting, None, same)
    assert here.invitation(here.lower.center.name).reply is Reply.YES
    later = scenes.plan(here.meeting.starts_at + timedelta(hours=1))
    here.step(preparing.plan_meeting, None, later)
    assert here.invitation(here.lower.center.name).reply is Reply.NONE


def test_who_has_no_panel_is_told(begin: Begin) -> None:
    here = begin("proposed")
    with pytest.raises(Refused):
        here.act(inviting.invite_panel, here.secretary, here.meeting_id)
