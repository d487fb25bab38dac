"""What the clock does for accounts: telling people outside the product, forgetting what is old."""

import logging
from collections import Counter
from datetime import timedelta

from flask import current_app

from qcc.accounts.models import Channel
from qcc.accounts.queries import list_due_deliveries, list_unposted
from qcc.accounts.services import (
    Letter,
    claim_delivery,
    forget_old_attempts,
    forget_old_sessions,
    note_delivered,
    note_not_delivered,
    post,
    post_reminders,
)
from qcc.infra import clock, mail, robots
from qcc.infra.db import db, transaction
from qcc.infra.i18n import _, _l, speaking
from qcc.infra.letters import write_letter
from qcc.infra.outbox import MORNING
from qcc.infra.scheduler import Job, Queue
from qcc.kernel.periods import Period

log = logging.getLogger(__name__)
AT_ONCE = 50
GIVE_UP_AFTER = 3
"""So many failures in a row mean that a channel's server is away: the rest waits for the next
run."""


def _mail_works() -> bool:
    return bool(current_app.config["MAIL_URL"])


def deliver() -> str:
    """Hand over what is new, and send what is due; one that fails does not keep others back."""
    for message_id in list_unposted(AT_ONCE):
        with transaction():
            post(message_id, mail_works=_mail_works())
    sent, failed, in_a_row = 0, 0, Counter[Channel]()
    for delivery_id, channel in list_due_deliveries(AT_ONCE):
        if in_a_row[channel] >= GIVE_UP_AFTER:
            continue
        with transaction():
            letter = claim_delivery(delivery_id)
        if letter is None:
            continue
        if _delivered(delivery_id, letter):
            sent, in_a_row[channel] = sent + 1, 0
        else:
            failed, in_a_row[channel] = failed + 1, in_a_row[channel] + 1
    return f"{sent} sent, {failed} failed"


def _delivered(delivery_id: int, letter: Letter) -> bool:
    try:
        _send(letter)
    except Exception as error:  # whatever is wrong with one, the others are to be sent
        log.exception("delivery %s failed", delivery_id)
        with transaction():
            note_not_delivered(delivery_id, f"{type(error).__name__}: {error}")
        return False
    with transaction():
        note_delivered(delivery_id)
    return True


def _send(letter: Letter) -> None:
    settings = current_app.config
    with speaking(letter.language):
        written = write_letter(letter.messages)
    to = letter.to
    db.session.rollback()  # nothing stays open while a slow server takes it
    if isinstance(to, str):
        url, sender = settings["MAIL_URL"], settings["MAIL_FROM"]
        mail.send(url, sender, [to], written)
    else:
        robots.send(to, written.subject, written.text)


def post_digests(period: Period) -> object:
    """The reminders of the day, one delivery for each person and channel; after an outage with the
    last day, so that nobody gets one for each day that was missed."""
    if period.day < clock.today():
        return _("Left to the days after it")
    return _("Deliveries: %(count)s", count=post_reminders(mail_works=_mail_works()))


def forget_old_sign_ins(_period: Period) -> object:
    """Forget failed attempts to sign in that count no more."""
    return _("Removed: %(count)s attempts", count=forget_old_attempts())


def forget_sessions(_period: Period) -> object:
    """Forget sessions and links of long ago."""
    return _("Removed: %(count)s sessions and links", count=forget_old_sessions())


DIGEST = Job(
    "accounts.post_digests",
    post_digests,
    at=MORNING + timedelta(minutes=10),
    title=_l("The reminders of the day, to whoever they concern"),
)

JOBS = (
    Queue("accounts.deliver", deliver, timedelta(seconds=20), _l("Messages to deliver")),
    Job(
        "accounts.forget_old_sign_ins",
        forget_old_sign_ins,
        title=_l("Failed sign-ins that count no more"),
    ),
    Job("accounts.forget_sessions", forget_sessions, title=_l("Sessions and links of long ago")),
)
