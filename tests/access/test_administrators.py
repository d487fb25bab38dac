"""Administrators keep accounts, registers and the trail; they read nothing of the business."""

import csv
import io
from collections.abc import Iterator
from hashlib import sha256

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from qcc.accounts import sessions
from qcc.accounts.models import User
from qcc.demo.acts import do
from qcc.infra.db import db
from qcc.kernel.permissions import Role
from qcc.organizations.models import Organization
from tests.access.cases import CASES, subjects
from tests.access.conftest import Stage
from tests.factories.centers import new_actor

WRITTEN = {
    "applications": ("reason", "code", "number"),
    "report_sections": ("text",),
    "eligibility_answers": ("statement",),
    "remarks": ("text",),
    "proposed_officers": ("area_in_charge", "ability", "code"),
    "application_files": ("code",),
    "decisions": ("reason",),
    "calls": ("title", "conditions"),
    "officer_changes": ("exception_reason",),
    "major_incidents": ("summary",),
    "stored_files": ("name",),
    "papers": ("name",),
    "experts": ("code",),
    "panels": ("justification",),
}
"""Where the words of the business stand, and the names by which its things are found."""

SHORTEST = 4
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


def _words(stage: Stage) -> set[str]:
    with stage.app.app_context():
        found = {
            str(value)
            for table, columns in WRITTEN.items()
            for column in columns
            for value in db.session.scalars(sa.text(f"SELECT {column} FROM {table}"))  # noqa: S608
            if value and len(str(value)) >= SHORTEST
        }
        db.session.remove()
    return found - {"机构.xlsx"}  # a workbook of organizations is the system administrator's own


@pytest.fixture
def auditor(stage: Stage) -> str:
    """The province's: sees the events of everybody."""
    with stage.app.app_context():
        things = stage.world.things["330000"]

        def sit() -> str:
            commission = db.session.get_one(Organization, things.commission_id)
            actor = new_actor(commission, Role.AUDIT_ADMIN)
            user = db.session.get_one(User, actor.user_id)
            return sessions.start_session(user, actor.assignment_id, "127.0.0.1", "test")

        token = do(sit)
        db.session.remove()
    stage.enter("auditor", token)
    return "auditor"


def _found(words: set[str], text: str) -> list[str]:
    return sorted(word for word in words if word in text)


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_no_page_shows_them_the_business(stage: Stage, role: str) -> None:
    words = _words(stage)
    assert len(words) > 300
    for name, case in CASES.items():
        for subject in subjects(stage.world, role, case).values():
            answer = stage.open(role, case.path(subject))
            text, asked = answer.data.decode(errors="replace"), case.path(subject)
            shown = _found({word for word in words if word not in asked}, text)
            assert not shown, f"{name} shows {role} {shown[:5]}"
            answer.close()


def _pages(stage: Stage, who: str) -> Iterator[str]:
    """The whole trail, page by page."""
    after = stage.events() + 1
    while after > 1:
        yield stage.open(who, f"/audit?after={after}").text
        after -= 50


def test_the_trail_tells_acts_and_not_words(stage: Stage, auditor: str) -> None:
    words = _words(stage)
    text = "".join(_pages(stage, auditor))
    for act in (
        "application.submit",
        "application.return",
        "incident.registered",
        "call.published",
    ):
        assert act in text
    assert not _found(words, text)


def test_what_is_taken_out_of_the_trail_neither(stage: Stage, auditor: str) -> None:
    words = _words(stage)
    answer = stage.open(auditor, "/audit/export", "POST", data={"form": "csv"})
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) > 500
    assert not _found(words, answer.data.decode("utf-8-sig"))
    answer = stage.open(auditor, "/audit/export", "POST", data={"form": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.data), read_only=True).active
    cells = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    assert not _found(words, cells)


def test_a_text_that_somebody_shows_can_be_recognized(stage: Stage, auditor: str) -> None:
    """The mark of a text is that of the text itself."""
    with stage.app.app_context():
        summary = db.session.scalar(sa.text("SELECT summary FROM major_incidents"))
        db.session.remove()
    incident = stage.world.things["330000"].incident
    text = stage.open(auditor, f"/audit?subject=incident:{incident}").text
    assert sha256(str(summary).encode()).hexdigest()[:16] in text
