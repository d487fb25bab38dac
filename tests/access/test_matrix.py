"""Who may do what to what: every role at every endpoint, held against a committed file.

A cell says what became of a sound request:

- ok            a page; "shown" or "hidden" says whether the thing stands in the list
- done          something was done, and the audit trail says so
- saved         something was written that is nobody else's affair yet, such as a draft
- redirect      led elsewhere, nothing was written
- sign-in       led to the door
- 403, 404, …   refused: not in this role; not there for this reader; not in this state; not so
- —             there is no such thing for this row

On the way every answer is looked at: its headers, and that reading writes nothing but the record of
what was read.
"""

import csv
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from qcc.infra.access import PUBLIC, declared_access
from qcc.kernel.permissions import Permission
from tests.access.cases import CASES, RELATIONS, Case, Subject, endpoint_of, subjects
from tests.access.conftest import UPDATE, Stage
from tests.headers import check_headers

MATRIX = Path(__file__).parent / "matrix.csv"
HEAD = ("case", "method", "role", *RELATIONS)
HOW_TO = (
    "If that is what you want, write the matrix anew with `pytest tests/access --update-matrix`"
    " and look at every line of its diff before you commit it."
)
Row = tuple[str, ...]


def test_every_endpoint_has_a_case(stage: Stage) -> None:
    endpoints = {rule.endpoint for rule in stage.app.url_map.iter_rules()}
    known = {endpoint_of(case) for case in CASES}
    assert not endpoints - known, (
        f"endpoints without a case: {sorted(endpoints - known)}. Say in tests/access/cases.py what"
        " they are about, then run `pytest tests/access --update-matrix` and read the diff."
    )
    assert not known - endpoints, f"cases of endpoints that are gone: {sorted(known - endpoints)}"


def test_every_variant_of_an_address_has_a_case(stage: Stage) -> None:
    """Where an address takes one of several words, each of them is a case."""
    wanted = {
        f"{rule.endpoint}[{word}]"
        for rule in stage.app.url_map.iter_rules()
        for converter in rule._converters.values()
        for word in getattr(converter, "items", ())
    }
    assert wanted <= set(CASES), f"without a case: {sorted(wanted - set(CASES))}"


def test_rights_are_as_committed(stage: Stage, request: pytest.FixtureRequest) -> None:
    found = list(_rows(stage))
    if request.config.getoption(UPDATE, default=False):
        assert os.environ.get("CI") != "true", "the matrix is written by people, not by CI"
        MATRIX.write_text(_as_csv(found), encoding="utf-8")
        return
    committed = _committed()
    changed = sorted(set(found) ^ set(committed))
    assert not changed, "\n".join(
        [
            "rights differ from tests/access/matrix.csv (-: committed, +: now):",
            *(f"{'-' if row in committed else '+'} {' | '.join(row)}" for row in changed[:60]),
            HOW_TO,
        ]
    )
    assert found == committed, f"the order of the matrix changed. {HOW_TO}"


def _committed() -> list[Row]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def _as_csv(rows: list[Row]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([HEAD, *rows])
    return text.getvalue()


def _rows(stage: Stage) -> Iterator[Row]:
    roles = ["anonymous", *stage.world.actors]
    for name in sorted(CASES):
        for method in _methods(stage, name):
            for role in roles:
                yield _row(stage, name, method, role)


def _methods(stage: Stage, case: str) -> list[str]:
    rules = [r for r in stage.app.url_map.iter_rules() if r.endpoint == endpoint_of(case)]
    taken = {method for rule in rules for method in rule.methods or ()}
    return sorted(taken - {"HEAD", "OPTIONS"})


def _row(stage: Stage, name: str, method: str, role: str) -> Row:
    """Whom the door refuses, it refuses before it knows what is asked for: one cell tells all."""
    case = CASES[name]
    about = subjects(stage.world, role, case)
    shut = not _may(stage, role, endpoint_of(name))
    cells: dict[str, str] = {}
    for relation, subject in about.items():
        asked = relation == "own" or not shut
        cells[relation] = _cell(stage, case, method, subject) if asked else cells["own"]
    return (name, method, role, *(cells.get(relation, "—") for relation in RELATIONS))


def _may(stage: Stage, role: str, endpoint: str) -> bool:
    """Whether the endpoint's declaration lets the role in."""
    access = declared_access(stage.app, endpoint)
    actor = stage.world.actors.get(role)
    return access == PUBLIC or (actor is not None and actor.may(Permission(str(access))))


def _cell(stage: Stage, case: Case, method: str, subject: Subject) -> str:
    mark, events = stage.mark(), stage.events()
    data = case.form(subject) if method == "POST" else None
    path = case.path(subject)
    answer = stage.open(subject.role, path, method, data=data)
    check_headers(answer, path)
    written, recorded = stage.mark() != mark, stage.events() > events
    if written and method == "GET":
        assert stage.rows() == stage.kept, f"reading {path} writes"
    word = _word(answer, _act(written, recorded) if method == "POST" else "")
    if case.look and answer.status_code == 200:
        shown = any(text in answer.get_data(as_text=True) for text in case.look(subject))
        word = f"{word}, {'shown' if shown else 'hidden'}"
    answer.close()
    if written:
        stage.restore()
    return word


def _act(written: bool, recorded: bool) -> str:
    return "done" if recorded else "saved" if written else ""


def _word(answer: TestResponse, act: str) -> str:
    if answer.status_code in (301, 302, 303, 308):
        return act or ("sign-in" if answer.location.startswith("/sign-in") else "redirect")
    return (act or "ok") if answer.status_code == 200 else str(answer.status_code)
