"""What templates are given: dates as the reader expects them, labels of states, paging, assets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.metadata import files as package_files
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, get_template_attribute, request, send_file
from markupsafe import Markup

from qcc.infra.access import actor_or_none, public
from qcc.infra.i18n import LANGUAGES, current_language
from qcc.infra.navigation import this_address
from qcc.infra.rule_messages import describe, force_label, mend
from qcc.kernel.dates import SHANGHAI, chinese_date
from qcc.kernel.permissions import Permission

Row = TypeVar("Row")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Label:
    """How a value of an enum is shown: its word, the tone of its badge, and a sign beside color.

    Tones: done, wait, action, danger, idle.
    """

    text: Any
    tone: str = "idle"
    sign: str = ""


class Labels:
    """Labels by member. Members of two enums that spell the same are equal as text, so the enum
    itself is part of the key."""

    def __init__(self) -> None:
        self._labels: dict[tuple[type, str], Label] = {}

    def __setitem__(self, value: StrEnum, shown: Label) -> None:
        self._labels[type(value), value.value] = shown

    def __getitem__(self, value: StrEnum) -> Label:
        return self._labels[type(value), value.value]

    def __contains__(self, value: StrEnum) -> bool:
        return (type(value), value.value) in self._labels


LABELS = Labels()


def labels(words: Mapping[Any, Any]) -> None:
    """Register how the values of a feature's enums are shown (a Label, or just the word)."""
    for value, word in words.items():
        LABELS[value] = word if isinstance(word, Label) else Label(word)


STEPS: dict[tuple[str, str], Any] = {}
"""Workflow and action → lazily translated words for timelines."""


def steps(workflow: str, words: Mapping[str, Any]) -> None:
    """Register what timelines say of the actions of a workflow."""
    STEPS.update({(workflow, action): word for action, word in words.items()})


def step_word(workflow: str, action: str) -> str:
    """What a timeline says of a step, in the reader's language."""
    return str(STEPS[workflow, action])


@cache
def _words(values: type[StrEnum], _language: str) -> dict[StrEnum, str]:
    return {value: str(LABELS[value].text) for value in values if value in LABELS}


def label(value: StrEnum | None) -> str:
    """The word for an enum's value in the reader's language."""
    return "" if value is None else _words(type(value), current_language())[value]


@cache
def _badges(states: type[StrEnum], _language: str) -> dict[StrEnum, Markup]:
    draw = get_template_attribute("components/ui.html", "badge")
    return {state: draw(state) for state in states}


def badges(states: type[StrEnum]) -> dict[StrEnum, Markup]:
    """The badge of each state in the reader's language, drawn once for all rows of all lists."""
    return _badges(states, current_language())


def badge(state: StrEnum) -> Markup:
    """The badge of one state, drawn once."""
    return badges(type(state))[state]


def choices(values: type[StrEnum], empty: Any = None) -> list[tuple[str, str]]:
    """The options of a select, in the enum's order, after an empty one if it is worded."""
    found = [(value.value, label(value)) for value in values]
    return found if empty is None else [("", str(empty)), *found]


def as_day(value: date | datetime | None) -> str:
    """2026-03-01, in Asia/Shanghai."""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return value.isoformat() if value else ""


def as_moment(value: datetime | None) -> str:
    """2026-03-01 09:30, in Asia/Shanghai."""
    return value.astimezone(SHANGHAI).isoformat(" ", "minutes")[:16] if value else ""


def as_long_day(value: date | datetime | None) -> str:
    """2026年3月1日 for Chinese readers, 1 March 2026 for English ones."""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    if value is None:
        return ""
    return chinese_date(value) if current_language() == "zh_CN" else f"{value:%-d %B %Y}"


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list that goes on by key: its rows, and the key after which the next begins."""

    rows: Sequence[Row]
    next_after: int | None
    first: bool

    @property
    def next_url(self) -> str:
        """The address of the next page with the same filters."""
        kept = {k: v for k, v in request.args.items() if k != "after" and v}
        return f"{request.path}?{urlencode({**kept, 'after': self.next_after})}"

    @property
    def first_url(self) -> str:
        """The address of the first page with the same filters."""
        kept = {k: v for k, v in request.args.items() if k != "after" and v}
        return f"{request.path}?{urlencode(kept)}" if kept else request.path


def page_of(rows: Sequence[Row], after: int, size: int = PAGE, key: str = "id") -> Page[Row]:
    """A page out of up to size + 1 rows that carry the *key* by which the list goes on; the extra
    one tells that more follow."""
    shown = rows[:size]
    more = len(rows) > size
    return Page(shown, int(getattr(shown[-1], key)) if more else None, first=not after)


def may(permission: str) -> bool:
    """Whether the reader's role carries the permission, for what a page offers."""
    actor = actor_or_none()
    return actor is not None and actor.may(Permission(permission))


@cache
def htmx_file() -> Path:
    """The htmx script inside its package."""
    for file in package_files("django-htmx") or ():
        if file.name == "htmx-2.min.js":
            return Path(str(file.locate()))
    raise FileNotFoundError("htmx-2.min.js is not in the django-htmx package")


@public
def serve_htmx() -> Response:
    """The htmx script, from the package."""
    return send_file(htmx_file(), mimetype="text/javascript", max_age=86400)


def init_app(app: Flask) -> None:
    """Give every template the filters and functions above."""
    app.add_url_rule("/assets/htmx.js", "assets.htmx", serve_htmx)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "day": as_day,
        "moment": as_moment,
        "long_day": as_long_day,
        "label": label,
        "sentence": describe,
        "mend": mend,
        "force": force_label,
    }
    app.jinja_env.globals |= {
        "LABELS": LABELS,
        "badge": badge,
        "step_word": step_word,
        "LANGUAGES": LANGUAGES,
        "may": may,
        "this_address": this_address,
        "current_language": current_language,
        "actor_or_none": actor_or_none,
    }
