"""What the clock does for accounts: delivering mail, forgetting old attempts."""

import logging
from datetime import timedelta

from flask import current_app

from qcc.accounts.queries import list_due_mail
from qcc.accounts.services import (
    Letter,
    claim_letter,
    forget_old_attempts,
    forget_old_sessions,
    keep_in_inbox,
    note_delivered,
    note_not_delivered,
)
from qcc.infra import mail
from qcc.infra.db import db, transaction
from qcc.infra.i18n import _, _l
from qcc.infra.outbox import EVENT, describe
from qcc.infra.scheduler import Job, Queue
from qcc.kernel.periods import Period

log = logging.getLogger(__name__)
AT_ONCE = 50
GIVE_UP_AFTER = 3
"""So many failures in a row mean that the mail server is away: the rest waits for the next run."""

_LONGEST_SUBJECT = 60


def deliver_mail() -> str:
    """Send what waits; one message that fails does not keep the others back."""
    if not current_app.config["MAIL_URL"]:
        with transaction():
            return f"{keep_in_inbox()} kept in the inbox"
    sent = failed = in_a_row = 0
    for message_id in list_due_mail(AT_ONCE):
        with transaction():
            letter = claim_letter(message_id)
        if letter is None:
            continue
        if _delivered(message_id, letter):
            sent, in_a_row = sent + 1, 0
        else:
            failed, in_a_row = failed + 1, in_a_row + 1
        if in_a_row == GIVE_UP_AFTER:
            break
    return f"{sent} sent, {failed} failed"


def _delivered(message_id: int, letter: Letter) -> bool:
    try:
        _send(letter)
    except Exception:  # whatever is wrong with one message, the others are to be sent
        log.exception("mail of message %s failed", message_id)
        with transaction():
            note_not_delivered(message_id)
        return False
    with transaction():
        note_delivered(message_id)
    return True


def _send(letter: Letter) -> None:
    settings = current_app.config
    said = " ".join(describe(letter.message).split())
    short = said if len(said) <= _LONGEST_SUBJECT else f"{said[: _LONGEST_SUBJECT - 1]}…"
    text = _(
        "%(said)s\n\n%(link)s\n\nSent by the management system of medical quality-control centers."
        " Please do not reply.",
        said=said,
        link=f"{settings['PUBLIC_URL']}{letter.message.link}",
    )
    event = letter.message.params.get(EVENT, "")
    db.session.rollback()  # nothing stays open while a slow server takes the mail
    sender, to = settings["MAIL_FROM"], list(letter.addresses)
    mail.send(settings["MAIL_URL"], sender, to, short, text, event)


def forget_old_sign_ins(_period: Period) -> object:
    """Forget failed attempts to sign in that count no more."""
    return _("Removed: %(count)s attempts", count=forget_old_attempts())


def forget_sessions(_period: Period) -> object:
    """Forget sessions and links of long ago."""
    return _("Removed: %(count)s sessions and links", count=forget_old_sessions())


JOBS = (
    Queue("accounts.deliver_mail", deliver_mail, timedelta(seconds=20), _l("Mail to deliver")),
    Job(
        "accounts.forget_old_sign_ins",
        forget_old_sign_ins,
        title=_l("Failed sign-ins that count no more"),
    ),
    Job("accounts.forget_sessions", forget_sessions, title=_l("Sessions and links of long ago")),
)
