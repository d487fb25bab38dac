"""Proposals of revocation: made by the system when a second failed year in a row is final (M.20),
given up when what they stand on falls away."""

from collections.abc import Sequence

from qcc.centers.models import Hosting
from qcc.evaluations.models import Revocation
from qcc.evaluations.queries import (
    find_undecided,
    list_decided,
    list_proposed_hostings,
    list_verdicts,
)
from qcc.evaluations.rules.strikes import Strikes, Verdict, standing, strikes_of
from qcc.evaluations.services.telling import tell_commission
from qcc.evaluations.workflow import REVOCATION, RevocationState
from qcc.infra import audit, clock
from qcc.infra.db import db
from qcc.infra.transitions import take_by_clock
from qcc.organizations.queries import find_commission
from qcc.regulations.rulebooks import rulebook_for


def propose_revocations(hosting_ids: Sequence[int]) -> int:
    """Look at the final results of these hostings; how many revocations are proposed anew. What
    was proposed and no longer stands, lapses."""
    made = 0
    for hosting_id, verdicts in list_verdicts(hosting_ids).items():
        hosting = db.session.get_one(Hosting, hosting_id)
        struck = _strikes(hosting, [verdict for verdict, _id in verdicts])
        for revocation in find_undecided([hosting_id]):
            if Strikes(hosting_id, (revocation.first_year, revocation.last_year)) not in struck:
                take_by_clock(REVOCATION, revocation, "lapse")
        asked = list_decided([hosting_id])
        for strikes in struck:
            if strikes not in asked:
                propose(hosting, strikes, verdicts)
                made += 1
    return made


def _strikes(hosting: Hosting, verdicts: Sequence[Verdict]) -> tuple[Strikes, ...]:
    """What stands against a hosting; nothing against one that has ended."""
    ended = (hosting.id,) if hosting.ended_on is not None else ()
    book = rulebook_for(hosting.center.place, clock.today())
    return strikes_of(verdicts, book["assessment.consecutive_failures"].number, ended=ended)


def propose(hosting: Hosting, strikes: Strikes, verdicts: Sequence[tuple[Verdict, int]]) -> None:
    """Ask the commission whether the hosting is revoked, showing both results."""
    ids = dict(verdicts)
    counted = standing(ids)
    first, last = (ids[counted[hosting.id, year]] for year in strikes.years)
    revocation = Revocation(
        center_id=hosting.center_id,
        hosting_id=hosting.id,
        first_year=strikes.years[0],
        last_year=strikes.years[1],
        first_id=first,
        last_id=last,
        state=RevocationState.PROPOSED,
        proposed_at=clock.now(),
    )
    db.session.add(revocation)
    db.session.flush()
    detail = {"hosting": hosting.id, "years": list(strikes.years)}
    audit.record(None, "revocation.proposed", "revocation", revocation.id, detail)
    commission = find_commission(hosting.center.place)
    if commission is not None:
        link = f"/revocations/{revocation.code}"
        name = hosting.center.name
        tell_commission(commission.id, "revocation.proposed", link, center=name)


def look_again() -> int:
    """Daily: proposals about hostings that ended otherwise, or whose results were repeated, lapse;
    how many are left."""
    propose_revocations(list_proposed_hostings())
    return len(list_proposed_hostings())
