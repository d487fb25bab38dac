"""Nobody reads or infers an unpublished score: whatever the assessors gave, every page of everybody
else is, byte by byte, the same; and each check that keeps it so is missed when it is taken away."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from qcc.evaluations.services import scoring
from qcc.evaluations.views import rounds as round_views
from qcc.evaluations.views import sheets as sheet_views
from qcc.kernel.permissions import Actor
from tests.conftest import Clock
from tests.factories import evaluations as make
from tests.factories.applications import do
from tests.factories.centers import sit_down
from tests.factories.evaluations import Scene
from tests.integration.conftest import Kept

YEAR = 2025
BY_CHANCE = (
    (re.compile(r'(data-csrf|name="csrf_token"[^>]*value)="[^"]+"'), "(a token)"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "(a key)"),
)
Pages = dict[tuple[str, str], str]


@pytest.fixture
def here(kept: Kept[Scene], clock: Clock) -> Scene:
    """A round being scored, in which one assessor has given everything the same points."""

    def scored() -> Scene:
        clock.set(datetime(2024, 3, 1, 1, tzinfo=UTC))
        scene = make.scene()
        clock.set(datetime(YEAR, 12, 1, 1, tzinfo=UTC))
        make.being_scored(scene, YEAR)
        for number in range(2):
            make.give(scene, scene.assessors[1], number, "0.7")
        return scene

    made = kept("one of two has scored", scored)
    clock.set(datetime(YEAR, 12, 1, 1, tzinfo=UTC))
    return made


def _readers(here: Scene) -> dict[str, Actor]:
    """Everybody who must not learn what the first assessor gave."""
    return {
        "organizer, while one still scores": here.evaluation,
        "commission": here.commission,
        "its colleague": here.colleague,
        "director": here.directors[0],
        "another's director": here.directors[1],
        "secretary": here.secretaries[0],
        "host": here.host,
        "rival": here.rival,
        "expert": here.expert,
        "other assessor": here.assessors[1],
    }


def _addresses(app: Flask, here: Scene) -> Iterator[str]:
    """Every page that can be asked for, about this round and its first center where it is about
    one."""
    codes = {"/rounds/": here.code, "/assessments/": here.codes[0]}
    given = {"item_code": "A3", "assessment_code": here.codes[0], "center_id": here.centers[0]}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in ("static", "accounts.sign_out"):
            continue
        code = next((each for start, each in codes.items() if str(rule).startswith(start)), "X")
        path = str(rule)
        for name, value in {**given, "code": code}.items():
            path = re.sub(rf"<([^:>]+:)?{name}>", str(value), path)
        if "<" not in path:
            yield path


def _everything(app: Flask, here: Scene) -> Pages:
    """By reader and address, what is answered."""
    found = {}
    for name, actor in _readers(here).items():
        client = sit_down(app.test_client(), actor)
        for path in _addresses(app, here):
            answer = client.get(path)
            text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
            for pattern, instead in BY_CHANCE:
                text = pattern.sub(instead, text)
            found[name, path] = f"{answer.status_code} {text}"
            answer.close()
    return found


def _given(app: Flask, here: Scene, first: str, second: str) -> Pages:
    """All pages, after the first assessor gave the centers these shares and lodged."""
    make.give(here, here.assessors[0], 0, first)
    make.give(here, here.assessors[0], 1, second)
    do(lambda: scoring.lodge(here.assessors[0], here.code))
    return _everything(app, here)


def _differences(app: Flask, here: Scene, again: Callable[[], Scene]) -> list[str]:
    """Where somebody sees that one center got little and the other much, and not the reverse."""
    low = _given(app, here, "0.2", "0.9")
    high = _given(app, again(), "0.9", "0.2")
    assert sum(text.startswith("200") for text in low.values()) > 100, "most pages must open"
    return [f"{name}: {path}" for (name, path), text in low.items() if high[name, path] != text]


@pytest.fixture
def again(here: Scene, kept: Kept[Scene]) -> Callable[[], Scene]:
    """The same scene once more, as it was."""

    def made() -> Scene:
        scene: Scene = kept("one of two has scored", lambda: here)
        return scene

    return made


def test_no_page_depends_on_what_was_given(
    app: Flask, here: Scene, again: Callable[[], Scene]
) -> None:
    assert _differences(app, here, again) == []


@pytest.mark.parametrize("engine_kind", ["sqlite"])
@pytest.mark.parametrize("taken_away", ["the seal of the round", "the own seat"])
def test_a_check_taken_away_is_missed(
    app: Flask,
    here: Scene,
    again: Callable[[], Scene],
    monkeypatch: pytest.MonkeyPatch,
    taken_away: str,
) -> None:
    if taken_away == "the seal of the round":
        monkeypatch.setattr(round_views, "_sees_results", lambda round_: True)
        monkeypatch.setattr(round_views, "_results", round_views.results_of)
    else:
        seat = do(lambda: here.round.assessors[0].id)
        everybodys = sheet_views.list_own_scores
        monkeypatch.setattr(sheet_views, "list_own_scores", lambda _seat: everybodys(seat))
        own = sheet_views.sheet_of
        monkeypatch.setattr(sheet_views, "sheet_of", lambda _seat, ids: own(seat, ids))
    assert _differences(app, here, again) != []
