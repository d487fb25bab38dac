"""A direct designation as the rules see it."""

from qcc.applications.models import Designation
from qcc.applications.queries.designations import present_evidence
from qcc.applications.rules import DESIGNATION_RULES, DesignationFacts
from qcc.applications.services.facts import officer_facts
from qcc.centers.queries import count_rivals, current_hosting
from qcc.infra import clock
from qcc.kernel.rules import Finding, Rulebook, check
from qcc.regulations.rulebooks import get_rulebook, rulebook_for


def edition_of(designation: Designation) -> Rulebook:
    """The edition that the designation is judged by: from its first proposal on the same."""
    if designation.rulebook_version:
        return get_rulebook(designation.rulebook_version.partition("@")[0])
    return rulebook_for(designation.center.place, clock.today())


def designation_facts(designation: Designation) -> DesignationFacts:
    """Everything the rules look at."""
    proven = {file.ground for file in present_evidence(designation)}
    center = designation.center
    return DesignationFacts(
        grounds={str(ground): ground in proven for ground in designation.grounds},
        officers=officer_facts(designation),
        rivals=count_rivals(center) + (1 if current_hosting(center.id) else 0),
    )


def findings_on_designation(designation: Designation) -> list[Finding]:
    """What the rules say now."""
    return check(DESIGNATION_RULES, designation_facts(designation), edition_of(designation))
