"""A meeting under the rulebook that sets a quorum: from the room to the minutes."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from qcc.infra import files
from qcc.infra.papers import issue_pending, list_papers_of
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.workflow import GuardFailed
from qcc.meetings.documents import HTML_OF
from qcc.meetings.models import Capacity
from qcc.meetings.services import holding, inviting
from tests.conftest import Clock
from tests.factories.centers import sit_down
from tests.integration.meetings import scenes
from tests.integration.meetings.conftest import Begin
from tests.papers import text_of

MINUTES = {"meeting_minutes": HTML_OF["meeting_minutes"]}


def test_a_meeting_takes_the_quorum_of_its_day(
    begin: Begin, clock: Clock, client: FlaskClient
) -> None:
    """Of three invited to attend, half have to be there: two. Who sits in does not count."""
    here = begin("scene")
    clock.set(datetime(2020, 3, 2, 9, 0, tzinfo=SHANGHAI))
    here = scenes.announced(here)
    third = (here.secretary, here.meeting_id, "张某", "省医学会", Capacity.ATTENDING)
    here.act(inviting.invite_guest, *third)
    clock.forward(timedelta(days=7, hours=2))

    def come(name: str) -> str:
        key = here.invitation(name).id
        here.act(holding.sign_in, here.secretary, here.meeting_id, key, True)
        return sit_down(client, here.secretary).get(f"/meetings/{here.meeting_id}").text

    come("王某")
    assert "1个到会" in come(here.own.center.name)
    with pytest.raises(GuardFailed) as few:
        here.step(holding.hold)
    assert few.value.guard == "has_quorum"
    page = come("张某")
    assert "2个到会" in page
    assert ">会议已召开<" in page
    here.step(holding.hold)
    here.step(holding.draft_minutes)
    for section in list(here.meeting.sections):
        words = {"topic": section.topic, "discussion": "讨论", "decision": "决定"}
        at = (here.meeting_id, section.id, section.version, words)
        here.act(holding.save_section, here.secretary, *at)
    here.step(holding.circulate)
    here.step(holding.sign_minutes, here.director)
    assert issue_pending(MINUTES) == 1
    (paper,) = list_papers_of("minutes", here.meeting_id)
    assert paper.file
    assert "应出席3个单位（人），实际出席2个，达到规定的出席比例（不少于应出席的50%）。" in text_of(
        files.read(paper.file)
    )
