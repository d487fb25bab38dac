"""The left navigation, by object, with only what the role can use; and addresses for templates."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, current_app, get_template_attribute, request, url_for
from markupsafe import Markup

from qcc.accounts.signed_in import unread
from qcc.infra.access import actor_or_none, current_actor
from qcc.infra.i18n import _l, current_language
from qcc.infra.installation import is_demo
from qcc.infra.templating import htmx_file
from qcc.kernel.permissions import POLICY, Role
from qcc.kernel.permissions import Permission as P


@dataclass(frozen=True, slots=True)
class Item:
    """An entry: where it leads, its word, and the permission that shows it."""

    endpoint: str
    text: Any
    permission: P


GROUPS: tuple[tuple[Any, tuple[Item, ...]], ...] = (
    ("", (Item("workbench.home", _l("Workbench"), P.DESK_USE),)),
    (
        _l("Centers and hosts"),
        (
            Item("centers.directory", _l("Centers"), P.DIRECTORY_VIEW),
            Item("centers.coverage", _l("Coverage"), P.DIRECTORY_VIEW),
            Item("applications.calls", _l("Calls"), P.CALL_VIEW),
            Item("applications.index", _l("Applications"), P.APPLICATION_VIEW),
            Item("applications.competitions", _l("Competitions"), P.COMPETITION_VIEW),
            Item("applications.designations", _l("Direct designations"), P.APPLICATION_CHECK),
            Item("applications.reviews", _l("My reviews"), P.REVIEW_SCORE),
            Item("centers.changes", _l("Personnel changes"), P.OFFICER_REPORT),
            Item("centers.changes", _l("Personnel changes"), P.OFFICER_DECIDE),
        ),
    ),
    (
        _l("Panels of experts"),
        (
            Item("experts.panels", _l("Expert panels"), P.EXPERT_VIEW),
            Item("experts.index", _l("Experts"), P.EXPERT_VIEW),
            Item("experts.consents", _l("Consents"), P.CONSENT_ANSWER),
            Item("experts.filings", _l("Filings"), P.FILING_RECEIVE),
        ),
    ),
    (
        _l("Work of the year"),
        (
            Item("meetings.index", _l("Dispatch meetings"), P.MEETING_VIEW),
            Item("evaluations.assigned_tasks", _l("Assigned tasks"), P.TASK_VIEW),
            Item("evaluations.annual", _l("Yearly documents"), P.ANNUAL_VIEW),
            Item("evaluations.annual_reports", _l("Annual reports"), P.ANNUAL_VIEW),
            Item("evaluations.records", _l("Internal rules and visits"), P.RECORD_VIEW),
        ),
    ),
    (
        _l("Assessment and consequences"),
        (
            Item("evaluations.index", _l("Assessments"), P.ROUND_VIEW),
            Item("evaluations.rectifications", _l("Rectifications"), P.RECTIFICATION_VIEW),
            Item("evaluations.violations", _l("Violations"), P.VIOLATION_VIEW),
            Item("evaluations.revocations", _l("Revocations of hostings"), P.REVOCATION_VIEW),
        ),
    ),
    (
        _l("Registers"),
        (
            Item("organizations.documents", _l("Issued documents"), P.DOCUMENT_REGISTER),
            Item("organizations.index", _l("Organizations"), P.ORGANIZATION_VIEW),
            Item("organizations.people", _l("People"), P.PERSON_VIEW),
            Item("organizations.incidents", _l("Major incidents"), P.INCIDENT_EDIT),
            Item("accounts.users", _l("Users"), P.USER_VIEW),
            Item("jobs.index", _l("Work by the clock"), P.JOB_VIEW),
            Item("accounts.audit", _l("Audit"), P.AUDIT_VIEW),
            Item("regulations.rulebooks", _l("Rulebooks"), P.RULEBOOK_VIEW),
        ),
    ),
)
"""Under a heading what belongs together: a commission has more than twenty entries."""


@cache
def items_of(role: Role) -> tuple[tuple[Any, tuple[Item, ...]], ...]:
    """What a role finds in the navigation, by group; groups with nothing in them are left out."""
    allowed = POLICY[role]
    found = []
    for title, items in GROUPS:
        unique = {item.endpoint: item for item in items if item.permission in allowed}
        if unique:
            found.append((title, tuple(unique.values())))
    return tuple(found)


@cache
def _plain_path(_root: str, endpoint: str) -> str:
    return url_for(endpoint)


_MARKS = ("987650001", "987650002", "987650003")
"""Stand for values in the pattern of an address: numbers, which any place for a key takes."""


@cache
def _pattern(_root: str, endpoint: str, kinds: tuple[tuple[str, type], ...]) -> str | None:
    """The address with {0}, {1}… in place of its values; None where not any value will do."""
    if len(kinds) > len(_MARKS):
        return None
    marks = zip(_MARKS, kinds, strict=False)
    try:
        found = url_for(endpoint, **{name: kind(mark) for mark, (name, kind) in marks})
    except ValueError:  # the endpoint takes only certain words there
        return None
    for number, mark in enumerate(_MARKS):
        found = found.replace(mark, f"{{{number}}}")
    return found


def _is_plain(value: object) -> bool:
    """Whether it is a key or a code, which stand in an address as they are."""
    return type(value) is int or (type(value) is str and value.isalnum() and value.isascii())


def path(endpoint: str, **values: Any) -> str:
    """The address of an endpoint. Those without arguments are worked out once, and of those that
    take keys and codes the pattern."""
    root = request.script_root
    if not values:
        return _plain_path(root, endpoint)
    if all(map(_is_plain, values.values())):
        found = _pattern(root, endpoint, tuple((n, type(v)) for n, v in values.items()))
        if found is not None:
            return found.format(*values.values())
    return url_for(endpoint, **values)


Entries = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""By the heading of a group, address and word of each entry."""


@cache
def _spelt_out(role: Role, _language: str, _root: str) -> Entries:
    """The same for everybody in a role and language."""
    return tuple(
        (str(title), tuple((path(item.endpoint), str(item.text)) for item in items))
        for title, items in items_of(role)
    )


def _feature(here: str, urls: Iterable[str]) -> str:
    """The entry that a page belongs to; empty if to none."""
    for url in urls:
        if here == url or (url != "/" and here.startswith(f"{url}/")):
            return url
    return ""


@cache
def _drawn(role: Role, language: str, root: str, current: str) -> Markup:
    draw = get_template_attribute("components/ui.html", "entries")
    drawn: Markup = draw(_spelt_out(role, language, root), current)
    return drawn


def navigation() -> Markup:
    """The entries of the reader's role, the present feature marked; drawn once for all readers."""
    here = (current_actor().role, current_language(), request.script_root)
    urls = (url for _title, entries in _spelt_out(*here) for url, _text in entries)
    return _drawn(*here, _feature(request.path, urls))


@cache
def _framed(part: str, _role: Role | None, _language: str, _root: str) -> Markup:
    drawn: Markup = get_template_attribute("components/frame.html", part)()
    return drawn


def frame(part: str) -> Markup:
    """A part of what stands around every page; drawn once for all readers of a role."""
    actor = actor_or_none()
    return _framed(part, actor and actor.role, current_language(), request.script_root)


_ASSETS = {
    "bootstrap.css": ("bootstrap.static", "css/bootstrap.min.css"),
    "qcc.css": ("static", "qcc.css"),
    "qcc.js": ("static", "qcc.js"),
    "qcc.svg": ("static", "qcc.svg"),
}


@cache
def asset(name: str) -> str:
    """The address of a file of the face, with a mark of its content so that caches may keep it."""
    if name == "htmx.js":
        return url_for("assets.htmx", v=_mark(htmx_file()))
    endpoint, filename = _ASSETS[name]
    if endpoint == "static":
        mark = _mark(Path(current_app.static_folder or "") / filename)
        return url_for(endpoint, filename=filename, v=mark)
    return url_for(endpoint, filename=filename)


def _mark(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()[:10]


def init_app(app: Flask) -> None:
    """Give templates the navigation and addresses."""
    app.jinja_env.globals |= {
        "navigation": navigation,
        "frame": frame,
        "path": path,
        "asset": asset,
        "unread": unread,
        "is_demo": is_demo,
    }
