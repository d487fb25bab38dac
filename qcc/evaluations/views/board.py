"""The board of a year: how the centers of the commission's place and below stand, and how far the
rounds are."""

from decimal import Decimal

from flask import render_template, request

from qcc.evaluations.queries.board import BoardRow, list_board, list_progress
from qcc.evaluations.rules.board import Judged, tallies, tally
from qcc.evaluations.views.blueprint import bp
from qcc.evaluations.views.documents import FIRST_YEAR
from qcc.infra import clock
from qcc.infra.access import current_actor, requires
from qcc.infra.i18n import _
from qcc.infra.templating import choices
from qcc.kernel.permissions import Permission as P
from qcc.kernel.places import Level, is_within, level_of, subtree_prefix
from qcc.organizations.queries import list_places
from qcc.regulations.catalogs import CenterKind

MOST = 200
"""So many centers are listed by name; the counts are of all."""


@bp.get("/assessment-board")
@requires(P.REVOCATION_VIEW)
def board() -> str:
    """Counts by level, kind and place, who needs attention, and the rounds under way."""
    actor, this = current_actor(), clock.today().year
    year = request.args.get("year", this, type=int)
    year = year if FIRST_YEAR <= year <= this else this
    wanted = {name: request.args.get(name, "") for name in ("level", "kind", "place")}
    rows = [row for row in list_board(actor, year) if _is_wanted(row.judged, wanted)]
    judged = [row.judged for row in rows]
    names = list(dict.fromkeys(each.grade for each in judged if each.has_passed))
    attention = [row for row in rows if row.needs_attention]
    places = {place.code: place.name for place in list_places(actor.place)}
    cities = {code: name for code, name in places.items() if level_of(code) is Level.CITY}
    return render_template(
        "evaluations/board.html",
        year=year,
        years=range(this, FIRST_YEAR - 1, -1),
        wanted=wanted,
        levels=choices(Level, _("All levels")),
        kinds=choices(CenterKind, _("Both kinds")),
        places=places,
        cities=cities,
        whole=tally(judged),
        grades=sorted(names, key=lambda name: _best(rows, name), reverse=True),
        by_level=tallies(judged, lambda each: (level_of(each.place), each.kind)),
        by_place=tallies(judged, lambda each: _shown_at(each.place)),
        attention=attention[:MOST],
        more=max(0, len(attention) - MOST),
        progress=list_progress(actor),
        today=clock.today(),
    )


def _is_wanted(judged: Judged, wanted: dict[str, str]) -> bool:
    level, kind, place = wanted["level"], wanted["kind"], wanted["place"]
    return (
        (not level or level_of(judged.place) == level)
        and (not kind or judged.kind == kind)
        and (not place or (place.isdigit() and len(place) == 6 and is_within(judged.place, place)))
    )


def _best(rows: list[BoardRow], grade: str) -> Decimal:
    return max(row.total or Decimal() for row in rows if row.judged.grade == grade)


def _shown_at(place: str) -> str:
    """The city in which a county lies; province and cities by themselves."""
    return place if level_of(place) is not Level.COUNTY else subtree_prefix(place)[:4] + "00"
