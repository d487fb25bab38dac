"""Reminders of rectification orders, and the ladder of those that are overdue."""

from datetime import date

from qcc.evaluations.models import Rectification
from qcc.evaluations.queries.rectifications import list_owed_around
from qcc.evaluations.rules.rectification import (
    LADDER,
    RECTIFICATION_DAYS,
    Rung,
    is_due,
    told_of_overdue,
)
from qcc.evaluations.services.due import remind_center
from qcc.infra.i18n import _l
from qcc.infra.outbox import remind, texts
from qcc.infra.workdays import is_working
from qcc.kernel.permissions import Role
from qcc.organizations.queries import find_commission
from qcc.regulations.rulebooks import NoRulebookInForce, load_rulebooks, rulebook_for

STEP = "rectification.escalation_days"

texts(
    {
        "rectification.due": _l("The rectification of %(center)s is due on %(due)s."),
        "rectification.overdue": _l(
            "The rectification of %(center)s has been overdue since %(due)s."
        ),
    },
    mandatory={"rectification.overdue"},
)


def _step(place: str, on: date) -> int | None:
    """After how many days of delay the next rung is told, as the rulebook of the place says."""
    try:
        book = rulebook_for(place, on)
    except NoRulebookInForce:
        return None
    return book[STEP].number if STEP in book else None


def _longest_ladder() -> int:
    """How many days after the due day the last rung can be."""
    steps = (book[STEP].number for book in load_rulebooks().books if STEP in book)
    return max(steps, default=1) * len(LADDER)


def remind_of_rectifications(today: date) -> int:
    """Tell centers of what is due, and one after another above them of what is overdue."""
    told = 0
    for order in list_owed_around(today, max(RECTIFICATION_DAYS), _longest_ladder()):
        if is_due(order.due_on, today, is_working):
            told += _tell(order, Rung.SECRETARY, "due") + _tell(order, Rung.DIRECTOR, "due")
            continue
        step = _step(order.center.place, today)
        for rung in told_of_overdue(order.due_on, today, step, is_working):
            told += _tell(order, rung, "overdue")
    return told


def _tell(order: Rectification, rung: Rung, step: str) -> int:
    values = {"center": order.center.name, "due": order.due_on.isoformat()}
    kind, link = f"rectification.{step}", f"/rectifications/{order.code}"
    if rung is Rung.COMMISSION:
        commission = find_commission(order.center.place)
        role = Role.COMMISSION_OFFICER
        return remind(commission.id, role, kind, values, link) if commission else 0
    role = Role.CENTER_SECRETARY if rung is Rung.SECRETARY else Role.CENTER_DIRECTOR
    return remind_center(order.center_id, kind, values, link, (role,))
