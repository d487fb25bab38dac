"""Reads about calls and applications, always within what the actor may see."""

from qcc.applications.queries.calls import (
    get_call,
    list_calls,
    list_invitable,
    list_own_applications,
)
from qcc.applications.queries.lists import (
    Wanted,
    count_applications,
    list_applications,
    list_waiting,
)
from qcc.applications.queries.reading import (
    Life,
    ReadApplication,
    ReadCall,
    read_answers,
    read_application,
    read_last_submitted,
    read_life,
    read_officers,
    read_papers,
)
from qcc.applications.queries.records import (
    get_paper,
    get_submission,
    list_papers,
    list_remarks,
    list_submissions,
    list_submitters,
)
from qcc.applications.queries.single import (
    get_answer,
    get_application,
    get_file,
    get_officer,
    get_whole_application,
    lock_application,
)

__all__ = [
    "Life",
    "ReadApplication",
    "ReadCall",
    "Wanted",
    "count_applications",
    "get_answer",
    "get_application",
    "get_call",
    "get_file",
    "get_officer",
    "get_paper",
    "get_submission",
    "get_whole_application",
    "list_applications",
    "list_calls",
    "list_invitable",
    "list_own_applications",
    "list_papers",
    "list_remarks",
    "list_submissions",
    "list_submitters",
    "list_waiting",
    "lock_application",
    "read_answers",
    "read_application",
    "read_last_submitted",
    "read_life",
    "read_officers",
    "read_papers",
]
