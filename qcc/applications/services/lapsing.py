"""Calls that come to nothing give their centers back, so that they can be called again."""

from qcc.applications.queries.calls import list_lapsed_centers, wait_for_extensions
from qcc.centers.queries import lock_center
from qcc.centers.services import lapse_call
from qcc.centers.workflow import CenterState
from qcc.infra import clock


def lapse_if_over(center_id: int) -> bool:
    """Give the center back if its call has closed and nobody can come from it any more.

    The caller has waited for whoever is putting off the closing.
    """
    center = lock_center(center_id)
    if center.state is not CenterState.IN_CALL:
        return False
    if center_id not in list_lapsed_centers(clock.now(), [center_id]):
        return False
    lapse_call(center)
    return True


def lapse_by_clock(center_id: int) -> bool:
    """The same for the clock, as an act of its own."""
    wait_for_extensions(centers=[center_id])
    return lapse_if_over(center_id)
