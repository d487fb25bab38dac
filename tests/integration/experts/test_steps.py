"""The life of a panel through the services: the chain of M.12(6), every state and action."""

import pytest

from qcc.experts.services import consents, review
from qcc.experts.services.consents import Answer
from qcc.infra.errors import RulesBroken
from tests.integration.experts import scenes
from tests.integration.experts.conftest import Stage
from tests.integration.experts.scenes import S


def test_the_whole_chain(stage: Stage) -> None:
    here = stage("filed")
    panel = here.panel
    assert panel.state is S.FILED
    assert [f.number for f in panel.filings] == ["国1", "省1"]
    assert all(len(m.consents) == 2 for m in panel.members)
    consent = panel.members[0].consents[0]
    assert consent.answered_at
    assert consent.answerer
    assert consent.number == "1号"


def test_a_refusal_removes_the_expert_and_the_rest_is_checked_again(stage: Stage) -> None:
    here = stage("collecting")
    no = Answer(given=False, reason="工作繁忙")
    for key, version, actor in scenes.awaited(here):
        if actor.organization_name.endswith("4"):
            here.act(consents.answer_consent, actor, key, version, no)
    panel = here.panel
    assert len(panel.present_members) == 6
    gone = next(m for m in panel.members if m.removed_at)
    assert gone.removed_reason == "工作繁忙"
    assert any(f["rule"] == "panel.host_share" for f in panel.findings)  # 1 of 6 is too much
    scenes.consent_all(here)
    here.act(review.present, here.secretary, here.panel_id, here.version)
    with pytest.raises(RulesBroken):
        here.act(review.approve_panel, here.commission, here.panel_id, here.version)
    here.act(review.approve_panel, here.commission, here.panel_id, here.version, "专业人才稀缺")
    assert here.panel.state is S.APPROVED
    assert here.panel.justification == "专业人才稀缺"
