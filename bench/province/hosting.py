"""Hostings that began with an approval, their officers, and how the first one ended."""

from collections.abc import Sequence
from typing import Any

from bench.province.bodies import Bodies
from bench.province.centers import FIRST, SECOND, PlacedCall, Planned
from bench.province.history import step
from bench.province.lives import DAY, Life
from qcc.centers.models import Hosting, Officer
from qcc.centers.workflow import CenterState
from qcc.kernel.dates import legal_date

ENDED = "挂靠单位调整学科布局，申请终止挂靠，经研究同意。"
ENDED_AFTER = FIRST - SECOND - 30 * DAY


def host(bodies: Bodies, life: Life, officers: Sequence[dict[str, Any]], book: str) -> int:
    """The institution hosts the center from its approval on; a first host no longer does."""
    is_past = life.call is life.center.calls[0]
    ended = legal_date(life.call.opened + ENDED_AFTER) if is_past else None
    end = {"ended_on": ended, "end_reason": ENDED if is_past else ""}
    started = legal_date(life.decided)
    key = bodies.writer.add(
        Hosting,
        center_id=life.center.id,
        institution_id=life.institution.id,
        started_on=started,
        rulebook_version=book,
        **end,
    )
    for row in officers:
        person, _name = bodies.person(life.institution.id, row["job"], row["title"])
        kept = {k: v for k, v in row.items() if k in KEPT}
        bodies.writer.add(
            Officer, hosting_id=key, person_id=person, started_on=started, **kept, **end
        )
    established = ("establish", "in_call", "established")
    step(bodies.writer, ("center", life.center.id), established, life.call.issuer, life.decided)
    if not is_past and life.center.state is CenterState.RECTIFYING:
        _order_rectification(bodies, life)
    return key


KEPT = frozenset(
    {"post", "host_position", "is_discipline_leader", "in_host_discipline", "is_specialist"}
)


def lose_host(bodies: Bodies, center: Planned, call: PlacedCall) -> None:
    """The first host gave the center back."""
    told, at = ("end_hosting", "established", "vacant"), call.opened + ENDED_AFTER
    step(bodies.writer, ("center", center.id), told, call.issuer, at, ENDED)


def _order_rectification(bodies: Bodies, life: Life) -> None:
    step(
        bodies.writer,
        ("center", life.center.id),
        ("order_rectification", "established", "rectifying"),
        life.call.issuer,
        life.decided + 300 * DAY,
        "年度考核不达标：专业监测指标未按要求更新，责令三个月内整改。",
    )
