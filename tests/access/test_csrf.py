"""No form is taken without its token: at every endpoint that takes one, whoever sends it."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.cases import CASES, subjects
from tests.access.conftest import Stage

WRITTEN = ("done", "saved")


def _writers() -> Iterator[tuple[str, str]]:
    """Each case that writes, and a role that the matrix lets write it."""
    found: dict[str, str] = {}
    with (Path(__file__).parent / "matrix.csv").open(encoding="utf-8", newline="") as file:
        for name, method, role, own, *_others in csv.reader(file):
            if method == "POST" and own.startswith(WRITTEN):
                found.setdefault(name, role)
    yield from sorted(found.items())


WRITERS = list(_writers())


def test_there_are_forms_to_be_tested() -> None:
    assert len(WRITERS) > 50
    assert {"accounts.activate", "applications.approve", "accounts.sign_out"} <= dict(
        WRITERS
    ).keys()


@pytest.mark.parametrize("token", ["none", "wrong", "another's", "in the address"])
def test_without_its_token_no_form_is_taken(stage: Stage, token: str) -> None:
    for name, role in WRITERS:
        subject = subjects(stage.world, role, CASES[name])["own"]
        other = "expert" if role != "expert" else "security_admin"
        sent = {"none": "", "wrong": "x" * 40, "another's": stage.csrf[other], "in the address": ""}
        path = CASES[name].path(subject)
        if token == "in the address":
            path += f"{'&' if '?' in path else '?'}csrf_token={stage.csrf[role]}"
        mark = stage.mark()
        data = CASES[name].form(subject)
        headers = {"X-CSRFToken": sent[token]}
        answer = stage.open(role, path, "POST", data=data, headers=headers)
        assert answer.status_code == 400, name
        assert stage.mark() == mark, name


def test_a_token_in_the_form_is_as_good_as_one_in_the_header(stage: Stage) -> None:
    role = "commission_officer"
    answer = stage.open(
        role,
        "/language",
        "POST",
        data={"csrf_token": stage.csrf[role], "language": "en", "next": "/desk"},
        headers={"X-CSRFToken": ""},
    )
    assert (answer.status_code, answer.location) == (302, "/desk")


def test_the_page_says_what_to_do(stage: Stage) -> None:
    answer = stage.open("anonymous", "/sign-in", "POST", headers={"X-CSRFToken": ""})
    assert answer.status_code == 400
    assert "<h1>" in answer.text
    assert 'class="brand"' in answer.text


def test_signing_in_takes_another_token(stage: Stage) -> None:
    """A token that was planted before signing in is worth nothing afterwards."""
    assert len(set(stage.csrf.values())) == len(stage.csrf)
