"""What the parameters of a rulebook are called on its page, by subject."""

from typing import Any

from qcc.infra.i18n import _l
from qcc.kernel.rules import Limit

GROUPS: dict[str, Any] = {
    "center": _l("Centers (art. 5)"),
    "hosting": _l("Conditions for a host (art. 7)"),
    "designation": _l("Direct designation (art. 8)"),
    "form": _l("Application form (art. 9)"),
    "report": _l("Feasibility report (art. 9)"),
    "competition": _l("Competition (art. 11)"),
    "opinion": _l("Opinion on a refusal (art. 10)"),
    "officers": _l("Officers (art. 12)"),
    "panel": _l("Expert panel (art. 12)"),
    "expert": _l("Experts (art. 13)"),
    "assessment": _l("Yearly assessment (art. 20)"),
    "rectification": _l("Rectification (art. 20)"),
    "violation": _l("Prohibited conduct (arts. 27 and 28)"),
    "annual": _l("Yearly documents (art. 23)"),
    "meetings": _l("Dispatch meetings (art. 23)"),
}
"""The first part of a parameter's id → the heading over its group, in the order of the measures."""

NAMES: dict[str, Any] = {
    "center.unique": _l("Centers of one kind for a specialty in a jurisdiction"),
    "hosting.grade": _l("Grade of the institution"),
    "hosting.specialty_strength": _l("Strong specialty with evident advantage and influence"),
    "hosting.quality_system": _l("Sound quality system with good results"),
    "hosting.no_major_incident": _l("Years without a major medical quality-safety incident"),
    "hosting.resources": _l("Premises, equipment, funds and staff"),
    "hosting.other": _l("Other conditions set by the commission"),
    "hosting.confirmed": _l("Every condition confirmed by the check"),
    "competition.closed": _l("Competition: review closed before the decision"),
    "competition.minimum": _l("Competition: minimum of the plan reached"),
    "competition.best": _l("Competition: the best is chosen"),
    "competition.lookback": _l("Competition: years looked back for conflicts of interest"),
    "designation.ground": _l("Grounds, any of which suffices"),
    "form.complete": _l("Form complete"),
    "report.sections": _l("Sections, all of which are required"),
    "opinion.days": _l("Days after the refusal in which an opinion is taken"),
    "officers.director_count": _l("Directors"),
    "officers.executive_deputy_count": _l("Executive deputy directors"),
    "officers.deputy_count": _l("Deputy directors, the executive one not counted"),
    "officers.secretary_count": _l("Liaison secretaries"),
    "officers.one_post_each": _l("One post for a person"),
    "officers.director_post": _l("The director of a quality-control center is the host's"),
    "officers.deputy_specialist": _l("Deputy directors are specialists of the province"),
    "officers.executive_deputy_leader": _l("The executive deputy leads the host's discipline"),
    "officers.secretary_discipline": _l("Secretaries are members of the host's discipline"),
    "officers.exception": _l("Staying after a change of employment, all of which is required"),
    "panel.size": _l("Members of a panel, at most"),
    "panel.host_share": _l("Share of the host's experts, at most"),
    "panel.representation": _l("Broad representation"),
    "panel.duplicate_member": _l("A person on one panel"),
    "panel.group_leader": _l("Leaders of a subspecialty group"),
    "panel.group_size": _l("Members of a subspecialty group, at most"),
    "panel.term": _l("Term of office"),
    "panel.filing": _l("Filing"),
    "expert.consent_employer": _l("Consent of the employer"),
    "expert.consent_authority": _l("Consent of the health authority of the place"),
    "expert.title": _l("Professional title"),
    "expert.standing": _l("Standing, either of which suffices"),
    "expert.age": _l("Age when the term begins, below"),
    "expert.age_within_term": _l("Age that is reached within the term"),
    "expert.experience": _l("Years in the specialty, at least"),
    "expert.health": _l("Good health"),
    "assessment.consecutive_failures": _l("Failed years in a row that end the hosting"),
    "violation.conduct": _l("Prohibited conduct"),
    "violation.dissolves_panel": _l("A serious violation dissolves the panel too"),
    "rectification.escalation_days": _l(
        "Days of delay after which the next one is told of an overdue rectification"
    ),
    "assessment.appeal_days": _l("Days in which an appeal can be lodged"),
    "annual.due_month": _l("Due month"),
    "annual.due_day": _l("Last day of that month that is in time"),
    "annual.documents": _l("Documents"),
    "annual.internal_rules": _l("Internal rules"),
    "meetings.per_month": _l("Dispatch meetings in a month, at least"),
    "meetings.quorum": _l("Share of those invited to attend who are present, at least"),
    "meetings.minutes_days": _l("Days after a meeting in which its minutes are signed"),
    "meetings.correction_days": _l("Days for corrections to the minutes"),
    "meetings.escalation_days": _l("Days of delay after which the next level is told"),
}
"""Parameter → its name."""


def group_of(limit: Limit) -> str:
    """The subject of a parameter."""
    return limit.id.partition(".")[0]


def group_words(group: str) -> str:
    """The heading of a subject; one that is not known here stands as it is spelt."""
    return str(GROUPS.get(group, group))


def name_of(limit: Limit) -> str:
    """The name of a parameter; one that is not known here is told by its source."""
    return str(NAMES.get(limit.id, limit.source))
