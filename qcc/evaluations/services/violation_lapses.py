"""Cases of prohibited conduct fall away with the hosting that they are about."""

from collections.abc import Sequence

from qcc.evaluations.queries.violations import find_undecided_of
from qcc.evaluations.workflow import VIOLATION
from qcc.infra.transitions import take_by_clock


def lapse_cases(hosting_ids: Sequence[int] = ()) -> int:
    """Undecided cases about hostings that have ended, of all or of these, lapse; how many."""
    found = find_undecided_of(hosting_ids)
    for case in found:
        take_by_clock(VIOLATION, case, "lapse")
    return len(found)
