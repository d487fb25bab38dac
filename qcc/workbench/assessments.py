"""What waits in the assessment of centers."""

from collections.abc import Iterator
from datetime import datetime, time

from qcc.evaluations.queries import (
    list_accounts_due,
    list_appeals_pending,
    list_proposed,
    list_seats_open,
    list_unscaled,
)
from qcc.infra.i18n import _
from qcc.kernel.dates import SHANGHAI, end_of_day
from qcc.kernel.permissions import Actor
from qcc.workbench.waiting import Waiting


def accounts(actor: Actor) -> Iterator[Waiting]:
    """Accounts of the own center that are not submitted."""
    for row in list_accounts_due(actor):
        since = datetime.combine(row.self_from, time(0), SHANGHAI)
        due, url = end_of_day(row.self_until), f"/assessments/{row.code}"
        yield Waiting(_("Give the account of the assessment"), row.title, url, since, due)


def seats(actor: Actor) -> Iterator[Waiting]:
    """Rounds in which the person has not lodged."""
    for row in list_seats_open(actor):
        url, due = f"/rounds/{row.code}/sheet", end_of_day(row.score_until)
        yield Waiting(_("Score the centers"), row.title, url, None, due)


def scales(actor: Actor) -> Iterator[Waiting]:
    """Rounds of the place without a pass mark."""
    for row in list_unscaled(actor):
        due = end_of_day(row.self_until)
        yield Waiting(_("Set the pass mark"), row.title, f"/rounds/{row.code}", None, due)


def appeals(actor: Actor) -> Iterator[Waiting]:
    """Appeals that the commission decides."""
    for row in list_appeals_pending(actor):
        about, url = f"{row.name} · {row.title}", f"/assessments/{row.code}/appeal"
        yield Waiting(_("Decide on the appeal"), about, url, row.raised_at)


def revocations(actor: Actor) -> Iterator[Waiting]:
    """Revocations that the commission decides."""
    for row in list_proposed(actor):
        word, url = _("Decide on the revocation"), f"/revocations/{row.code}"
        yield Waiting(word, row.name, url, row.proposed_at)
