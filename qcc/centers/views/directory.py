"""The directory of centers, and the coverage of counties."""

from enum import StrEnum
from functools import cache, lru_cache
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlencode

from flask import get_template_attribute, render_template, request
from markupsafe import Markup, escape

from qcc.centers.queries import (
    EVERYTHING,
    CenterFilter,
    get_coverage,
    list_centers_and_count,
)
from qcc.centers.views import bp
from qcc.centers.workflow import CenterState
from qcc.infra import listing
from qcc.infra.access import current_actor, requires
from qcc.infra.i18n import current_language
from qcc.infra.templating import LABELS, PAGE, page_of
from qcc.kernel.permissions import Permission as P
from qcc.kernel.places import Level, is_within, subtree_prefix
from qcc.regulations.catalogs import CenterKind, Division, divisions, specialties

WHOLE = 5000
"""How many rows a list has that is drawn whole, for printing."""


class Shown(NamedTuple):
    """A label, spelt out once for all rows of a page."""

    text: str
    tone: str
    sign: str


@cache
def _spelt_out(values: type[StrEnum], _language: str) -> dict[StrEnum, Shown]:
    return {v: Shown(str(LABELS[v].text), LABELS[v].tone, LABELS[v].sign) for v in values}


def spelt_out(values: type[StrEnum]) -> dict[StrEnum, Shown]:
    """The labels of an enum in the reader's language."""
    return _spelt_out(values, current_language())


def filter_from_address() -> CenterFilter:
    """What the address asks for."""
    return CenterFilter(
        search=listing.words(),
        level=listing.chosen("level", Level),
        place=_known_place(request.args.get("place", "")),
        kind=listing.chosen("kind", CenterKind),
        specialty=listing.words("specialty"),
        state=listing.chosen("state", CenterState),
    )


def _known_place(code: str) -> str:
    return code if code in {division.code for division in divisions()} else ""


@cache
def _places(province: str) -> tuple[tuple[Division, tuple[Division, ...]], ...]:
    """The cities of a province, each with its counties."""
    here = [d for d in divisions() if is_within(d.code, province) and d.level is not Level.NATION]
    below = [d for d in here if d.level in (Level.CITY, Level.COUNTY)]
    cities = {d.code[:4]: d for d in below if d.level is Level.CITY}
    return tuple(
        (cities[prefix], tuple(d for d in block if d.level is Level.COUNTY))
        for prefix, block in groupby(below, lambda d: d.code[:4])
    )


def province_of(place: str) -> str:
    """The province that a place lies in; the nation for itself."""
    return subtree_prefix(place)[:2].ljust(6, "0")


@bp.get("/centers")
@requires(P.DIRECTORY_VIEW)
def directory() -> str:
    """The directory, filtered by the address, 50 rows a page or whole for printing."""
    actor, wanted = current_actor(), filter_from_address()
    after = listing.after()
    size = WHOLE if "whole" in request.args else PAGE
    rows, total = list_centers_and_count(actor, wanted, after=after, limit=size + 1)
    return render_template(
        "centers/directory.html",
        page=page_of(rows, after, size),
        total=total,
        filters=_filters(current_language(), province_of(actor.place), wanted),
        filtered=wanted != EVERYTHING,
        whole=size == WHOLE,
        whole_url=_whole_url(),
        badges=_badges(current_language()),
        kinds=_kinds(current_language()),
    )


@cache
def _badges(_language: str) -> dict[CenterState, Markup]:
    """The badge of each state, drawn once for all rows of all pages."""
    draw = get_template_attribute("components/ui.html", "badge")
    return {state: draw(state) for state in CenterState}


@cache
def _kinds(_language: str) -> dict[CenterKind, Markup]:
    return {kind: escape(str(LABELS[kind].text)) for kind in CenterKind}


@lru_cache(maxsize=512)
def _filters(_language: str, province: str, wanted: CenterFilter) -> Markup:
    """The form with the filters. Its two hundred options are the same for many readers, so a form
    is drawn once for each language, province and content."""
    draw = get_template_attribute("centers/_filters.html", "filters")
    form: Markup = draw(
        wanted,
        wanted != EVERYTHING,
        spelt_out(Level),
        spelt_out(CenterKind),
        spelt_out(CenterState),
        _places(province),
        specialties(),
    )
    return form


def _whole_url() -> str:
    """The address of the same list on one page."""
    kept = {name: value for name, value in request.args.items() if value and name != "after"}
    return f"{request.path}?{urlencode({**kept, 'whole': 1})}"


@bp.get("/coverage")
@requires(P.DIRECTORY_VIEW)
def coverage() -> str:
    """Which of the required centers each county has."""
    actor = current_actor()
    city = _known_place(request.args.get("city", ""))
    found, states = get_coverage(actor, city), spelt_out(CenterState)
    plans_at = actor.place if actor.may(P.CENTER_PLAN) else ""
    return render_template(
        "centers/coverage.html",
        coverage=found,
        share=f"{found.share:.1f}",
        city=city,
        cities=[city for city, _counties in _places(province_of(actor.place))],
        states=states,
        legend=[states[state] for state in CenterState if state is not CenterState.CLOSED],
        plans_at=plans_at,
        plans_here=any(c.code == plans_at for block in found.cities for c in block.counties),
    )
