"""Rivals see nothing of each other: not a word, not a number, not that there is anybody.

What a hospital is shown of another's application is what it is shown of one that never was, to the
byte; and everything a hospital sees is the same in a world in which nobody else applied.
"""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from qcc.infra import clock as product_clock
from qcc.infra.access import declared_access
from qcc.infra.codes import new_code
from qcc.infra.db import db
from qcc.kernel.permissions import POLICY, Permission, Role
from tests.access.cases import APPLICATION, CASES, RELATIONS, Case, Subject, endpoint_of, subjects
from tests.access.conftest import Stage
from tests.access.world import CITY, PROVINCE, Builder, Filed, World, sign_in
from tests.conftest import MORNING
from tests.databases import Sqlite

HOSPITAL = "institution_officer"
OF_ONE = {name: case for name, case in CASES.items() if case.about == APPLICATION and not case.look}
"""Everything that can be asked of one application."""


def _methods(stage: Stage, case: str) -> list[str]:
    rules = [r for r in stage.app.url_map.iter_rules() if r.endpoint == endpoint_of(case)]
    return sorted({m for rule in rules for m in rule.methods or ()} - {"HEAD", "OPTIONS"})


def _refusal(stage: Stage, case: str) -> int:
    """Not there; or not for this role at all, whatever is there."""
    access = declared_access(stage.app, endpoint_of(case))
    return 404 if Permission(str(access)) in POLICY[Role.INSTITUTION_OFFICER] else 403


def _rivals(stage: Stage, case: Case) -> Subject:
    return subjects(stage.world, HOSPITAL, case)["sibling"]


def _never(subject: Subject) -> Subject:
    """The same of an application that never was."""
    filed = {
        state: Filed(
            new_code(),
            version=each.version,
            answer_version=each.answer_version,
            section_version=each.section_version,
            officer=new_code(),
            officer_version=each.officer_version,
            file=new_code(),
            seen=each.seen,
            decision=new_code(),
        )
        for state, each in subject.filed.items()
    }
    return Subject(subject.world, subject.role, subject.actor, "sibling", subject.things, filed)


TOKENS = (
    (re.compile(r'(data-csrf|name="csrf_token" (?:type="hidden" )?value)="[^"]+"'), r'\1="…"'),
    (re.compile(r'(name="csrf_token"[^>]*value)="[^"]+"'), r'\1="…"'),
    (re.compile(r'(name="next" value)="[^"]*"'), r'\1="…"'),  # the address that was asked for
    (re.compile(r"\b[0-9a-f]{32}(-\d+)?\b"), "(a key)"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "(a hash)"),
    (re.compile(r"\d{4}-[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}"), "(a number)"),
    (re.compile(r"\b[2-9A-HJ-NP-Z]{10}\b"), "(a code)"),
    (re.compile(r"\buser-\d+\b"), "(a name of the test's)"),
)
"""What is drawn by chance, and so tells nothing. Tests below hold that it is."""

DOCUMENT_NUMBER = (re.compile(r"〔\d{4}〕\d+号"), "(a document number)")
"""The numbers of a commission's documents run without gaps, and are public: who holds a decision
knows how many documents of any kind came before it, not what or for whom (docs/adr/0013)."""

OF_THE_MOMENT = {"Set-Cookie", "Date", "Expires", "Content-Length"}
"""Headers that differ from one moment to the next. The length follows from the body."""


def _plain(text: str) -> str:
    for pattern, instead in (*TOKENS, DOCUMENT_NUMBER):
        text = pattern.sub(instead, text)
    return text


def _said(answer: TestResponse) -> tuple[int, list[tuple[str, str]], str]:
    """An answer without what chance put into it."""
    is_page = answer.mimetype == "text/html"
    body = _plain(answer.data.decode(errors="replace")) if is_page else ""
    headers = [(name, _plain(text)) for name, text in answer.headers if name not in OF_THE_MOMENT]
    answer.close()
    return answer.status_code, sorted(headers), body


@pytest.mark.parametrize("name", sorted(OF_ONE))
def test_a_rivals_application_is_one_that_never_was(stage: Stage, name: str) -> None:
    case = OF_ONE[name]
    theirs = _rivals(stage, case)
    nobodys, refusal = _never(theirs), _refusal(stage, name)
    for method in _methods(stage, name):
        mark = stage.mark()
        said = [
            _said(
                stage.open(
                    HOSPITAL,
                    case.path(subject),
                    method,
                    data=case.form(subject) if method == "POST" else None,
                )
            )
            for subject in (theirs, nobodys)
        ]
        assert said[0] == said[1], f"{method} {name}"
        assert said[0][0] == refusal, f"{method} {name}"
        assert stage.mark() == mark, "nothing is written, not even into the trail"


def test_lists_begin_after_a_rivals_code_as_after_any(stage: Stage) -> None:
    """A code in the address is no oracle."""
    for each in stage.world.rival.values():
        said = [
            _said(stage.open(HOSPITAL, f"/applications?after={code}"))
            for code in (each.code, new_code())
        ]
        assert said[0] == said[1]


@pytest.mark.parametrize(
    "path", ["/applications?q=", "/centers?q=", "/applications?state=draft&q="]
)
def test_searching_for_a_rival_finds_what_nonsense_finds(stage: Stage, path: str) -> None:
    number = stage.world.rival["submitted"].number
    for word, nonsense in (
        ("甲市中医院", "乙市中医院"),
        (number, f"2026-{new_code()[:5]}-{new_code()[:5]}"),
        (number[:8], "2026-QQQ"),
        ("jszyy", "jszxx"),
    ):
        said = []
        for asked in (word, nonsense):
            status, headers, body = _said(stage.open(HOSPITAL, path + asked))
            said.append((status, headers, body.replace(asked, "…")))
        assert said[0][:2] == said[1][:2]
        assert said[0][2].replace(quote(word), "…") == said[1][2].replace(quote(nonsense), "…")


# --- two worlds ---


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from _small_world(tmp_path_factory.mktemp("alone"), rivals=False)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from _small_world(tmp_path_factory.mktemp("crowded"), rivals=True)


def _small_world(folder: Path, *, rivals: bool) -> Iterator[Stage]:
    """A province and a city; one hospital applied for everything, and another before it or not."""
    database = Sqlite(folder)
    database.refresh()
    with product_clock.reading(lambda: MORNING):
        with database.app.app_context():
            world = Builder((PROVINCE, CITY), rivals).build()
            world.actors = {HOSPITAL: world.things[CITY].hospital}  # type: ignore[dict-item]
            sign_in(world)
            db.session.remove()
        with sqlite3.connect(folder / "copy.db") as copy:
            sqlite3.connect(database.file).backup(copy)
        stage = Stage(database.app, database.file, folder / "copy.db", world)
        yield stage
        stage.close()
    with database.app.app_context():
        db.engine.dispose()


def _seen(stage: Stage) -> dict[str, tuple[int, list[tuple[str, str]], str]]:
    """Everything that a hospital can look at."""
    seen = {}
    for name, case in CASES.items():
        if "GET" not in _methods(stage, name):
            continue
        for relation, subject in _about(stage.world, case).items():
            answer = stage.open(HOSPITAL, case.path(subject))
            seen[f"{name} {relation}"] = _said(answer)
    return seen


def _about(world: World, case: Case) -> dict[str, Subject]:
    here, above = world.things[CITY], world.things[PROVINCE]
    actor = world.actors[HOSPITAL]
    return {
        relation: Subject(world, HOSPITAL, actor, relation, things, things.applications)
        for relation, things in zip(RELATIONS, (here, above), strict=False)
    }


def test_everything_is_as_if_nobody_else_had_applied(alone: Stage, crowded: Stage) -> None:
    """Lists, counts, searches, calls, centers, messages, timelines, numbers, files: all pages of
    two worlds, of which one has a rival who came first everywhere."""
    assert crowded.world.rival
    assert not alone.world.rival
    for name, said in _seen(alone).items():
        assert _seen_once(crowded, name) == said, name


def _seen_once(stage: Stage, key: str) -> tuple[int, list[tuple[str, str]], str]:
    cache = stage.__dict__.setdefault("_cache", {})
    if not cache:
        cache.update(_seen(stage))
    return cache[key]  # type: ignore[no-any-return]


def test_acts_are_answered_as_if_nobody_else_had_applied(alone: Stage, crowded: Stage) -> None:
    for name in ("applications.start", "applications.submit", "applications.withdraw"):
        said = []
        for stage in (alone, crowded):
            case = CASES[name]
            subject = _about(stage.world, case)["own"]
            answer = stage.open(HOSPITAL, case.path(subject), "POST", data=case.form(subject))
            said.append(_said(answer))
            stage.restore()
        assert said[0] == said[1], name
        assert said[0][0] == 302, name


# --- what chance draws ---


def test_numbers_and_codes_are_drawn_by_chance(stage: Stage) -> None:
    """No two in a row resemble each other, and numbers are but the code after the year."""
    filed = [
        each for things in stage.world.things.values() for each in things.applications.values()
    ]
    codes = [each.code for each in filed]
    assert len({code[:4] for code in codes}) > len(codes) * 0.9
    assert len({code[-4:] for code in codes}) > len(codes) * 0.9
    for each in filed:
        if each.number:
            assert each.number == f"2026-{each.code[:5]}-{each.code[5:]}"


def test_no_running_number_stands_in_an_address_of_an_application(stage: Stage) -> None:
    for name in OF_ONE:
        rules = [r for r in stage.app.url_map.iter_rules() if r.endpoint == endpoint_of(name)]
        for rule in rules:
            counted = {n for n, c in rule._converters.items() if type(c).__name__ == "KeyConverter"}
            assert counted <= {"round_"}, rule
