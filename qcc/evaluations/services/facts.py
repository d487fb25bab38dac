"""What is on record of the years of centers, for the items that the product can know."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.centers.workflow import CenterState
from qcc.evaluations.models import Assessment, Round
from qcc.evaluations.queries.documents import count_wanting
from qcc.evaluations.queries.tasks import count_tasks
from qcc.evaluations.rules.computed import YearFacts, compute
from qcc.infra.db import db
from qcc.kernel.places import subtree_prefix
from qcc.kernel.rubrics import Rubric
from qcc.meetings.queries import months_of
from qcc.meetings.rules.compliance import MonthState
from qcc.organizations.models import Jurisdiction

HELD = (MonthState.HELD, MonthState.LATE, MonthState.MINUTES_MISSING)
AT_WORK = (CenterState.ESTABLISHED, CenterState.RECTIFYING)


def year_facts(centers: Sequence[Center], year: int, today: date) -> dict[int, YearFacts]:
    """By center, what is on record of its year. As many queries however many centers."""
    pairs = [(center.id, center.place) for center in centers]
    months, wanting = months_of(pairs, year, today), count_wanting(pairs, year, today)
    tasks = count_tasks([center.id for center in centers], year, today)
    network = _network(centers)
    found = {}
    for center in centers:
        states = months[center.id]
        places, covered, deeper = network[center.id]
        missing, late = wanting[center.id]
        assigned, done = tasks[center.id]
        found[center.id] = YearFacts(
            missing=missing,
            late=late,
            months=sum(state in (*HELD, MonthState.MISSED) for state in states),
            held=sum(state in HELD for state in states),
            places=places,
            covered=covered,
            deeper=deeper,
            tasks=assigned,
            done=done,
        )
    return found


def _network(centers: Sequence[Center]) -> dict[int, tuple[int, int, bool]]:
    """By center: places one level below, those of them with a center of the specialty, whether
    there is one deeper still."""
    below = _places_below({center.place for center in centers})
    working = _working_places(centers)
    found = {}
    for center in centers:
        own, next_level = working[center.kind, center.specialty_id], below[center.place]
        prefixes = tuple(subtree_prefix(place) for place in next_level)
        deeper = any(place.startswith(prefixes) and place not in next_level for place in own)
        found[center.id] = (len(next_level), len(next_level & own), bool(prefixes) and deeper)
    return found


def _places_below(places: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    rows = db.session.execute(
        sa.select(Jurisdiction.parent_code, Jurisdiction.code).where(
            Jurisdiction.parent_code.in_(places)
        )
    )
    for parent, code in rows:
        found[str(parent)].add(code)
    return found


def _working_places(centers: Sequence[Center]) -> dict[tuple[Any, int], set[str]]:
    """By kind and specialty, the places with a center at work."""
    rows = db.session.execute(
        sa.select(Center.kind, Center.specialty_id, Center.place).where(
            Center.state.in_(AT_WORK),
            Center.specialty_id.in_({center.specialty_id for center in centers}),
        )
    )
    found: dict[tuple[Any, int], set[str]] = defaultdict(set)
    for kind, specialty_id, place in rows:
        found[kind, specialty_id].add(place)
    return found


def computed_items(
    rubric: Rubric, round_: Round, assessments: Sequence[Assessment], today: date
) -> dict[int, dict[str, Any]]:
    """By assessment, the points that follow from what is on record, item by item, and from what."""
    facts = year_facts([each.center for each in assessments], round_.year, today)
    found: dict[int, dict[str, Any]] = {}
    for assessment in assessments:
        items = {}
        for item in rubric.items:
            known = compute(item, facts[assessment.center_id])
            if known is not None:
                items[item.code] = {
                    "points": str(known.points),
                    "source": known.source.value,
                    "facts": dict(known.facts),
                }
        found[assessment.id] = items
    return found
