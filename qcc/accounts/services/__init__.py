"""Writes about users: signing in and out, passwords, invitations, roles."""

from qcc.accounts.services.audits import note_audit_export, note_audit_verification
from qcc.accounts.services.entry import (
    Attempt,
    Proof,
    Throttled,
    begin_attempt,
    forget_old_attempts,
    forget_old_sessions,
    prove,
    sign_in,
    sign_out,
    switch_desk,
)
from qcc.accounts.services.founding import Founder, invite_administrator, renew_link
from qcc.accounts.services.invitations import (
    activate,
    disable_user,
    enable_user,
    end_sessions,
    invite_user,
    make_link,
)
from qcc.accounts.services.mail import (
    Letter,
    claim_delivery,
    note_delivered,
    note_not_delivered,
    post,
    post_reminders,
    try_again,
)
from qcc.accounts.services.passwords import change_password, known_words
from qcc.accounts.services.roles import assign_role, end_role
from qcc.accounts.services.telling import choose_channels

__all__ = [
    "Attempt",
    "Founder",
    "Letter",
    "Proof",
    "Throttled",
    "activate",
    "assign_role",
    "begin_attempt",
    "change_password",
    "choose_channels",
    "claim_delivery",
    "disable_user",
    "enable_user",
    "end_role",
    "end_sessions",
    "forget_old_attempts",
    "forget_old_sessions",
    "invite_administrator",
    "invite_user",
    "known_words",
    "make_link",
    "note_audit_export",
    "note_audit_verification",
    "note_delivered",
    "note_not_delivered",
    "post",
    "post_reminders",
    "prove",
    "renew_link",
    "sign_in",
    "sign_out",
    "switch_desk",
    "try_again",
]
