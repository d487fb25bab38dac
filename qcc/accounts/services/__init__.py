"""Writes about users: signing in and out, passwords, invitations, roles."""

from qcc.accounts.services.audits import note_audit_export, note_audit_verification
from qcc.accounts.services.entry import (
    Attempt,
    Proof,
    Throttled,
    begin_attempt,
    forget_old_attempts,
    prove,
    sign_in,
    sign_out,
    switch_desk,
)
from qcc.accounts.services.invitations import (
    activate,
    disable_user,
    enable_user,
    end_sessions,
    invite_user,
    make_link,
)
from qcc.accounts.services.passwords import change_password, known_words
from qcc.accounts.services.roles import assign_role, end_role

__all__ = [
    "Attempt",
    "Proof",
    "Throttled",
    "activate",
    "assign_role",
    "begin_attempt",
    "change_password",
    "disable_user",
    "enable_user",
    "end_role",
    "end_sessions",
    "forget_old_attempts",
    "invite_user",
    "known_words",
    "make_link",
    "note_audit_export",
    "note_audit_verification",
    "prove",
    "sign_in",
    "sign_out",
    "switch_desk",
]
