"""Rules about expert panels and the experts on them (Measures, articles 12(5) to (7) and 13).

`facts` says what is judged, `panel` and `expert` hold the rules. Every entry of a list counts as
a member: that one person is listed twice is a finding of its own and hides no other.
"""

from qcc.experts.rules.expert import EXPERT_RULES
from qcc.experts.rules.facts import (
    Consent,
    ExpertFacts,
    GroupFacts,
    MemberFacts,
    PanelFacts,
    PanelRole,
    Seat,
    Standing,
    institution_key,
)
from qcc.experts.rules.panel import (
    end_of_term,
    fewest_members,
    is_past,
    most_from_host,
    most_permitted,
)

__all__ = [
    "CONSENT_RULES",
    "EXPERT_RULES",
    "PANEL_RULES",
    "ROSTER_RULES",
    "Consent",
    "ExpertFacts",
    "GroupFacts",
    "MemberFacts",
    "PanelFacts",
    "PanelRole",
    "Seat",
    "Standing",
    "end_of_term",
    "fewest_members",
    "institution_key",
    "is_past",
    "most_from_host",
    "most_permitted",
]

ROSTER_RULES = (
    "panel.size",
    "panel.host_share",
    "panel.group_leader",
    "panel.group_size",
    "panel.term",
    "panel.duplicate_member",
    "panel.representation",
    *EXPERT_RULES,
)
"""What a list of names can be held against, before anybody was asked for consent."""

CONSENT_RULES = ("expert.consent_employer", "expert.consent_authority")
"""Whether those were asked who have to agree (Measures, art. 12(6))."""

PANEL_RULES = (*ROSTER_RULES, *CONSENT_RULES)
"""What must hold when the commission approves a panel."""
