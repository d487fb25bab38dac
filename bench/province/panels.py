"""Expert panels of a province's centers, each with its experts, nearly all as the rules want."""

import random
from datetime import date

import sqlalchemy as sa

from bench.province import words
from bench.province.writer import Writer
from qcc.centers.models import Center, Hosting
from qcc.experts.models import Expert, Panel, PanelMember
from qcc.experts.rules import PanelRole, Standing
from qcc.experts.workflow import PanelState
from qcc.infra import clock
from qcc.infra.db import transaction
from qcc.infra.pinyin import search_text
from qcc.kernel.dates import add_years
from qcc.organizations.models import Organization, OrganizationKind, Person

SEED = 2026
BROKEN = 50
"""One panel of so many has more of its host's experts than it may."""
TITLES = ("主任医师", "教授", "主任护师", "副主任医师")


def seat_panels(begin: int, end: int, each: int) -> int:
    """A panel of so many experts for each of the centers from one to another, in the order of their
    keys; returns how many experts there are then."""
    rng, today = random.Random(SEED + begin), clock.today()
    with transaction() as session:
        writer = Writer(session.connection())
        found = session.execute(
            sa.select(Center.id, Hosting.institution_id)
            .outerjoin(Hosting, sa.and_(Hosting.center_id == Center.id, Hosting.ended_on.is_(None)))
            .order_by(Center.id)
            .offset(begin)
            .limit(end - begin)
        )
        employers = session.scalars(
            sa.select(Organization.id)
            .where(Organization.kind == OrganizationKind.INSTITUTION)
            .order_by(Organization.id)
        ).all()
        for number, (center_id, host) in enumerate(found.all()):
            of_host = 0 if host is None else each // 2 if number % BROKEN == 0 else each // 10
            others = rng.sample([e for e in rng.sample(employers, each + 1) if e != host], each)
            staff = [host] * of_host + others[of_host:]
            _seat(rng, writer, center_id, staff, today)
            writer.flush_if_enough()
        writer.finish()
        return writer.count(Expert)


def _seat(
    rng: random.Random, writer: Writer, center_id: int, staff: list[int], today: date
) -> None:
    started = date(today.year - 1, 3, 1)
    panel = writer.add(
        Panel,
        center_id=center_id,
        term_number=1,
        state=PanelState.FILED,
        term_start=started,
        term_end=add_years(started, 4) - (date(2000, 1, 2) - date(2000, 1, 1)),
        approved_at=clock.now(),
        findings=[],
        created_at=clock.now(),
    )
    for rank, employer in enumerate(staff):
        _member(rng, writer, panel, employer, rank)


def _member(rng: random.Random, writer: Writer, panel: int, employer: int, rank: int) -> None:
    name = words.name(rng)
    born = date(1974 + rng.randrange(12), 1 + rng.randrange(12), 1 + rng.randrange(28))
    person = writer.add(
        Person,
        name=name,
        birth_date=born,
        employer_id=employer,
        post="科主任",
        title=TITLES[rank % len(TITLES)],
        search_text=_initials(name),
    )
    expert = writer.add(
        Expert,
        code=words.code(rng),
        person_id=person,
        specialty="重症医学",
        practised_since=date(born.year + 24, 7, 1),
        standing=[Standing.UNIT_HEAD.value],
        is_healthy=True,
        tags=[],
        identity_hash=f"{rng.getrandbits(256):064x}",
        proven_birth_date=born,
    )
    role = PanelRole.MEMBER if rank > 1 else (PanelRole.HEAD, PanelRole.DEPUTY_HEAD)[rank]
    writer.add(PanelMember, panel_id=panel, expert_id=expert, role=role, joins=None)


_known: dict[str, str] = {}


def _initials(name: str) -> str:
    if name not in _known:
        _known[name] = search_text(name)
    return _known[name]
