"""Kinds of what may wait for a desk in assessments, and the columns that all of them have."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from qcc.infra.db import Moment


class Due(StrEnum):
    """What may wait: an account to be given, a round to be scored, a pass mark to be set, an
    appeal or a revocation to be decided, a yearly document to be read or to be corrected, an
    assigned task to be reported, a report to be judged; a rectification to be ordered, planned,
    worked off, verified; a violation to be taken up, investigated, answered, decided."""

    ACCOUNT = "account"
    SEAT = "seat"
    SCALE = "scale"
    APPEAL = "appeal"
    REVOCATION = "revocation"
    DOCUMENT = "document"
    RETURNED = "returned"
    TASK = "task"
    REPORT = "report"
    ORDER = "order"
    PLAN = "plan"
    RECTIFY = "rectify"
    VERIFY = "verify"
    VIOLATION = "violation"
    INQUIRY = "inquiry"
    STATEMENT = "statement"
    VERDICT = "verdict"


def row(
    kind: Due,
    code: Any,
    *,
    center: Any = "",
    title: Any = "",
    year: Any = 0,
    since: Any = None,
    due: Any = None,
) -> sa.Select[Any]:
    """The columns of one thing that waits."""
    moment = sa.cast(sa.null(), Moment) if since is None else since
    day = sa.cast(sa.null(), sa.Date) if due is None else due
    return sa.select(
        sa.literal(kind.value).label("kind"),
        code.label("code"),
        _text(center).label("center"),
        _text(title).label("title"),
        (sa.literal(year) if isinstance(year, int) else year).label("year"),
        moment.label("since"),
        day.label("due"),
    )


def _text(value: Any) -> Any:
    return sa.literal(value) if isinstance(value, str) else sa.cast(value, sa.String)
