"""Reminders of yearly documents, assigned tasks and reviews, each for the day the clock says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from qcc.centers.queries import find_host_id
from qcc.evaluations.models import Visit
from qcc.evaluations.queries.documents import DocumentRow, list_all_rows
from qcc.evaluations.queries.records import list_rules_to_review, list_visits_to_review
from qcc.evaluations.queries.tasks import list_tasks_around
from qcc.evaluations.rules.documents import (
    REVIEW_DAYS,
    TASK_DAYS,
    Standing,
    told_after,
    told_before,
    told_of_documents,
)
from qcc.evaluations.services.telling import OFFICES
from qcc.infra.i18n import _l
from qcc.infra.outbox import remind, texts
from qcc.infra.workdays import is_working
from qcc.kernel.permissions import Role
from qcc.kernel.reminders import DAY, LONGEST_BREAK
from qcc.organizations.queries import find_commission, find_reception

texts(
    {
        "annual.due": _l("Summary and plan of the year are due on %(due)s."),
        "annual.overdue": _l("Summary or plan of the year have been overdue since %(due)s."),
        "annual.wanting": _l("Centers whose yearly documents are overdue: %(count)s."),
        "task.due": _l("An assigned task is due on %(due)s: %(title)s."),
        "task.overdue": _l("%(center)s has not reported on a task due on %(due)s: %(title)s."),
        "rules.review": _l("Internal rules are to be looked at again by %(day)s: %(title)s."),
        "visit.review": _l("What the visit to %(center)s found is to be looked at by %(day)s."),
    }
)

CONCERNS = {"due": {Standing.NOT_DUE, Standing.CORRECTING}, "overdue": {Standing.MISSING}}
"""To whom it is said: who has documents that stand so."""


def remind_center(
    center_id: int,
    kind: str,
    values: Mapping[str, object],
    link: str,
    roles: Sequence[Role] = OFFICES,
) -> int:
    """Remind the desks of a center; one without host has none."""
    host = find_host_id(center_id)
    if host is None:
        return 0
    return sum(remind(host, role, kind, values, link, center_id) for role in roles)


def remind_of_documents(today: date) -> int:
    """Tell centers what they owe, and the authorities of each place how many are overdue."""
    told, overdue = 0, Counter[tuple[str, int]]()
    for year in (today.year - 1, today.year):
        for row in list_all_rows(year, today):
            step = told_of_documents(row.due_on, today, is_working)
            if step is None or CONCERNS[step].isdisjoint(row.standings.values()):
                continue
            told += _tell_of_row(row, year, f"annual.{step}")
            overdue[row.place, year] += step == "overdue"
    return told + sum(
        _tell_authorities(place, year, count) for (place, year), count in overdue.items() if count
    )


def _tell_of_row(row: DocumentRow, year: int, kind: str) -> int:
    values = {"due": row.due_on.isoformat()}
    return remind_center(row.id, kind, values, f"/annual?year={year}")


def _tell_authorities(place: str, year: int, count: int) -> int:
    values, link = {"count": count}, f"/annual?year={year}&wanting=1"
    commission, reception = find_commission(place), find_reception(place)
    told = 0
    if commission is not None:
        role = Role.COMMISSION_OFFICER
        told += remind(commission.id, role, "annual.wanting", values, link)
    if reception is not None and reception != commission:
        role = Role.EVALUATION_OFFICER
        told += remind(reception.id, role, "annual.wanting", values, link)
    return told


def remind_of_tasks(today: date) -> int:
    """Tell centers of assigned tasks that are due, and the commission of those overdue too."""
    told = 0
    for share in list_tasks_around(today, max(TASK_DAYS)):
        due_on, link = share.task.due_on, f"/assigned-tasks/{share.code}"
        values = {
            "due": due_on.isoformat(),
            "title": share.task.title,
            "center": share.center.name,
        }
        if told_before(due_on, today, TASK_DAYS, is_working):
            told += remind_center(share.center_id, "task.due", values, link)
        elif told_after(due_on, today, is_working):
            told += remind_center(share.center_id, "task.overdue", values, link)
            office, role = share.task.commission_id, Role.COMMISSION_OFFICER
            told += remind(office, role, "task.overdue", values, link)
    return told


def remind_of_reviews(today: date) -> int:
    """Tell centers of rules, and who visited of findings, that are to be looked at again."""
    told, last = 0, today + LONGEST_BREAK + max(REVIEW_DAYS) * DAY
    for rule in list_rules_to_review(today, last):
        if told_before(rule.review_on, today, REVIEW_DAYS, is_working):
            values = {"day": rule.review_on.isoformat(), "title": rule.title}
            told += remind_center(
                rule.center_id, "rules.review", values, f"/records/{rule.center_id}"
            )
    for visit in list_visits_to_review(today, last):
        told += _tell_visitor(visit, today)
    return told


def _tell_visitor(visit: Visit, today: date) -> int:
    if visit.review_on is None or not told_before(visit.review_on, today, REVIEW_DAYS, is_working):
        return 0
    values = {"day": visit.review_on.isoformat(), "center": visit.center.name}
    commission = find_commission(visit.center.place)
    by_commission = commission is not None and commission.id == visit.organization_id
    role = Role.COMMISSION_OFFICER if by_commission else Role.EVALUATION_OFFICER
    return remind(
        visit.organization_id, role, "visit.review", values, f"/records/{visit.center_id}"
    )
