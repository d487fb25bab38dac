"""Every parameter that the product knows of, and what kind of value a rulebook must give it.

A rulebook may name others, which no rule asks for; it may leave some out, and then the rules of
that name do not apply.
"""

from dataclasses import dataclass

from qcc.kernel.rules import LimitValue


@dataclass(frozen=True, slots=True)
class Whole:
    """One whole number, within bounds."""

    least: int = 1
    most: int = 1000

    def fault(self, value: LimitValue) -> str | None:
        """What is wrong with *value*, or None."""
        if not isinstance(value, int) or isinstance(value, bool):
            return "must be a whole number"
        return _out_of_bounds(value, self.least, self.most)


@dataclass(frozen=True, slots=True)
class Span:
    """A whole number, or the least and the greatest permitted one."""

    least: int = 0
    most: int = 1000

    def fault(self, value: LimitValue) -> str | None:
        """What is wrong with *value*, or None."""
        numbers = value if isinstance(value, tuple) else (value,)
        for number in numbers:
            if not isinstance(number, int) or isinstance(number, bool):
                return "must be a whole number or two of them"
            if fault := _out_of_bounds(number, self.least, self.most):
                return fault
        return None


@dataclass(frozen=True, slots=True)
class Flag:
    """A demand without a number: asked (true) or not (false)."""

    def fault(self, value: LimitValue) -> str | None:
        """What is wrong with *value*, or None."""
        return None if isinstance(value, bool) else "must be true or false"


@dataclass(frozen=True, slots=True)
class Words:
    """A list of words, of which *known* are the only ones the product understands, if given."""

    known: frozenset[str] = frozenset()

    def fault(self, value: LimitValue) -> str | None:
        """What is wrong with *value*, or None."""
        if not isinstance(value, tuple) or not all(isinstance(word, str) for word in value):
            return "must be a list of words"
        unknown = [str(word) for word in value if self.known and word not in self.known]
        return f"unknown word {unknown[0]}" if unknown else None


Kind = Whole | Span | Flag | Words


def _out_of_bounds(number: int, least: int, most: int) -> str | None:
    return None if least <= number <= most else f"must be from {least} to {most}"


def _words(*known: str) -> Words:
    return Words(frozenset(known))


PARAMETERS: dict[str, Kind] = {
    "center.unique": Whole(),
    "hosting.grade": Words(),
    "hosting.specialty_strength": Flag(),
    "hosting.quality_system": Flag(),
    "hosting.no_major_incident": Whole(most=50),
    "hosting.resources": Flag(),
    "hosting.other": Flag(),
    "hosting.confirmed": Flag(),
    "competition.closed": Flag(),
    "competition.minimum": Flag(),
    "competition.best": Flag(),
    "competition.lookback": Whole(least=0, most=50),
    "designation.ground": _words(
        "national_qc_host", "national_center_lead", "leading_discipline", "other"
    ),
    "form.complete": Flag(),
    "report.sections": _words(
        "hospital_profile",
        "academic_standing",
        "staff_structure",
        "construction_equipment",
        "service_capability",
        "quality_control",
        "head_qualification",
        "support_funding",
    ),
    "opinion.days": Whole(most=366),
    "officers.director_count": Span(),
    "officers.executive_deputy_count": Span(),
    "officers.deputy_count": Span(),
    "officers.secretary_count": Span(),
    "officers.one_post_each": Flag(),
    "officers.director_post": _words("president", "vice_president_in_charge"),
    "officers.deputy_specialist": Flag(),
    "officers.executive_deputy_leader": Flag(),
    "officers.secretary_discipline": Flag(),
    "officers.exception": _words("special_contribution", "not_retired", "employer_consent"),
    "panel.size": Whole(),
    "panel.host_share": Whole(least=0, most=100),
    "panel.representation": Flag(),
    "panel.duplicate_member": Whole(),
    "panel.group_leader": Whole(),
    "panel.group_size": Whole(),
    "panel.term": Whole(most=50),
    "panel.filing": _words("upper_center", "evaluation_center"),
    "expert.consent_employer": Flag(),
    "expert.consent_authority": Flag(),
    "expert.title": _words("正高", "副高", "中级", "初级"),
    "expert.standing": _words("unit_head", "regional_prestige"),
    "expert.age": Whole(least=18, most=150),
    "expert.age_within_term": Whole(least=18, most=150),
    "expert.experience": Whole(least=0, most=100),
    "expert.health": Flag(),
    "assessment.consecutive_failures": Whole(most=50),
    "violation.conduct": Words(),
    "violation.dissolves_panel": Flag(),
    "annual.due_month": Whole(most=12),
    "annual.due_day": Whole(most=31),
    "annual.documents": _words("summary", "next_plan"),
    "annual.internal_rules": _words("meetings", "assessment", "information_security", "funds"),
    "assessment.appeal_days": Whole(most=366),
    "rectification.escalation_days": Whole(most=366),
    "meetings.per_month": Whole(most=31),
    "meetings.quorum": Whole(most=100),
    "meetings.minutes_days": Whole(most=366),
    "meetings.correction_days": Whole(least=0, most=366),
    "meetings.escalation_days": Whole(most=366),
}
