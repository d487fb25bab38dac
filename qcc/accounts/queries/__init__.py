"""Reads about users, desks, sessions and the audit trail."""

from qcc.accounts.queries.audits import (
    AuditFilter,
    ChainCheck,
    check_chain,
    count_audit_events,
    list_audit_events,
)
from qcc.accounts.queries.desks import (
    get_assignment,
    last_desk,
    list_addresses,
    list_assignments,
    list_desks,
    list_desks_of,
)
from qcc.accounts.queries.mail import list_due_mail
from qcc.accounts.queries.users import (
    count_users,
    find_link,
    find_user_by_name,
    find_user_of,
    get_linked_user,
    get_manageable_user,
    get_own_user,
    get_user,
    has_active_administrator,
    is_manageable,
    list_people_without_account,
    list_roles_of,
    list_sessions,
    list_users,
)

__all__ = [
    "AuditFilter",
    "ChainCheck",
    "check_chain",
    "count_audit_events",
    "count_users",
    "find_link",
    "find_user_by_name",
    "find_user_of",
    "get_assignment",
    "get_linked_user",
    "get_manageable_user",
    "get_own_user",
    "get_user",
    "has_active_administrator",
    "is_manageable",
    "last_desk",
    "list_addresses",
    "list_assignments",
    "list_audit_events",
    "list_desks",
    "list_desks_of",
    "list_due_mail",
    "list_people_without_account",
    "list_roles_of",
    "list_sessions",
    "list_users",
]
