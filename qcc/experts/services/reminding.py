"""Reminders of consents, ages and re-elections, each for the day that the clock says."""

from collections import defaultdict
from datetime import date
from typing import Any

from qcc.centers.queries import find_host_id
from qcc.experts.queries.reminders import list_ages, list_awaited_consents, list_terms_ending
from qcc.experts.rules.reminders import (
    told_of_age,
    told_of_consents,
    told_of_reelection,
    too_old_from,
)
from qcc.infra.i18n import _l
from qcc.infra.outbox import remind, texts
from qcc.infra.workdays import is_working
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Role
from qcc.kernel.rules import Rulebook
from qcc.organizations.models import OrganizationKind
from qcc.organizations.queries import find_commission
from qcc.regulations.rulebooks import NoRulebookInForce, get_rulebook, rulebook_for

texts(
    {
        "consent.waiting": _l("%(count)s requests for consent are waiting, since %(since)s."),
        "consent.slow": _l(
            "%(count)s consents for the panel of %(center)s have been awaited since %(since)s."
        ),
        "member.age": _l(
            "%(expert)s on the panel of %(center)s reaches the limit of age on %(birthday)s."
        ),
        "panel.reelection": _l(
            "The term of the panel of %(center)s ends on %(end)s, and no new roster is being"
            " prepared."
        ),
    }
)


def _remind_center(center_id: int, kind: str, values: dict[str, object], link: str) -> int:
    """Remind the desks of director and secretaries; a center without host has none."""
    host = find_host_id(center_id)
    if host is None:
        return 0
    roles = (Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY)
    return sum(remind(host, role, kind, values, link, center_id) for role in roles)


def remind_of_consents(today: date) -> int:
    """Tell each body once of all that waits for it, and after two weeks the centers that wait."""
    of_body: dict[tuple[int, OrganizationKind], list[Any]] = defaultdict(list)
    of_panel: dict[int, list[Any]] = defaultdict(list)
    for row in list_awaited_consents():
        of_body[row.organization_id, row.kind].append(row)
        of_panel[row.panel_id].append(row)
    told = 0
    for (body_id, body_kind), rows in of_body.items():
        if _days(rows, today)[0]:
            is_commission = body_kind is OrganizationKind.COMMISSION
            role = Role.COMMISSION_OFFICER if is_commission else Role.INSTITUTION_OFFICER
            told += remind(body_id, role, "consent.waiting", _counted(rows), "/consents")
    for panel_id, rows in of_panel.items():
        if _days(rows, today)[1]:
            values = {**_counted(rows), "center": rows[0].center}
            link = f"/panels/{panel_id}"
            told += _remind_center(rows[0].center_id, "consent.slow", values, link)
    return told


def _days(rows: list[Any], today: date) -> tuple[bool, bool]:
    return told_of_consents((legal_date(row.asked_at) for row in rows), today, is_working)


def _counted(rows: list[Any]) -> dict[str, object]:
    return {"count": len(rows), "since": legal_date(rows[0].asked_at).isoformat()}


def remind_of_ages(today: date) -> int:
    """Tell centers of members who reach the limit of age."""
    told = 0
    for row in list_ages():
        book = _book_of(row)
        if book is None or "expert.age_within_term" not in book:
            continue
        birthday = too_old_from(book["expert.age_within_term"], row.birth_date)
        if told_of_age(birthday, today, is_working):
            values = {"expert": row.name, "center": row.center, "birthday": birthday.isoformat()}
            link = f"/panels/{row.panel_id}#member-{row.id}"
            told += _remind_center(row.center_id, "member.age", values, link)
    return told


def _book_of(row: Any) -> Rulebook | None:
    """The rulebook by which the panel was approved, else the one of its place."""
    try:
        if row.rulebook_version:
            return get_rulebook(row.rulebook_version.partition("@")[0])
        return rulebook_for(row.place, row.term_start)
    except (KeyError, NoRulebookInForce):
        return None


def remind_of_reelections(today: date) -> int:
    """Tell centers whose term ends that no new roster is being prepared, then their commission."""
    told = 0
    for row in list_terms_ending(today):
        whom = told_of_reelection(row.term_end, today, row.has_next, is_working)
        values = {"center": row.center, "end": row.term_end.isoformat()}
        link = f"/panels/{row.id}"
        if "center" in whom:
            told += _remind_center(row.center_id, "panel.reelection", values, link)
        commission = find_commission(row.place) if "commission" in whom else None
        if commission is not None:
            officer = Role.COMMISSION_OFFICER
            told += remind(commission.id, officer, "panel.reelection", values, link)
    return told
