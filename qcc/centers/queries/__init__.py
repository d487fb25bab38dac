"""Reads about centers, each within the directory that the actor reads."""

from qcc.centers.queries.changes import (
    get_change,
    list_changes,
    list_undecided_changes,
    lock_change,
)
from qcc.centers.queries.coverage import Coverage, get_coverage
from qcc.centers.queries.directory import (
    EVERYTHING,
    CenterFilter,
    count_centers,
    get_specialty,
    list_centers,
    list_centers_and_count,
    list_specialties,
)
from qcc.centers.queries.hosting import (
    count_rivals,
    current_hosting,
    find_active_center,
    find_host_id,
    get_center,
    has_been_hosted,
    list_callable_centers,
    list_center_desks,
    list_former_officers,
    list_hostings,
    list_hosts_served_by,
    list_officers,
    lock_center,
)

__all__ = [
    "EVERYTHING",
    "CenterFilter",
    "Coverage",
    "count_centers",
    "count_rivals",
    "current_hosting",
    "find_active_center",
    "find_host_id",
    "get_center",
    "get_change",
    "get_coverage",
    "get_specialty",
    "has_been_hosted",
    "list_callable_centers",
    "list_center_desks",
    "list_centers",
    "list_centers_and_count",
    "list_changes",
    "list_former_officers",
    "list_hostings",
    "list_hosts_served_by",
    "list_officers",
    "list_specialties",
    "list_undecided_changes",
    "lock_center",
    "lock_change",
]
