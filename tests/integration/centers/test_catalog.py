"""Loading the catalogs: once is enough, and what is gone keeps its history."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from qcc.centers.cli import group
from qcc.centers.models import Specialty
from qcc.centers.services import load_catalog
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db, transaction
from qcc.organizations.models import Jurisdiction
from qcc.regulations.catalogs import CenterKind, specialties

pytestmark = pytest.mark.usefixtures("app")
SINCE = date(2021, 3, 19)


def load(since: date = SINCE) -> int:
    with transaction():
        return load_catalog(None, since)


def test_the_second_run_writes_nothing() -> None:
    assert load() == len(specialties())
    assert load() == 0
    rows = db.session.scalars(sa.select(Specialty).order_by(Specialty.position)).all()
    assert [row.name for row in rows] == [entry.name for entry in specialties()]
    assert {(row.valid_from, row.valid_until) for row in rows} == {(SINCE, None)}
    assert db.session.scalars(sa.select(AuditEvent.event)).all() == ["specialties.loaded"]


def test_what_the_catalog_lost_ends_on_the_day_before() -> None:
    load()
    with transaction() as session:
        session.add(
            Specialty(kind=CenterKind.QUALITY_CONTROL, name="旧专业", position=99, valid_from=SINCE)
        )
    assert load(date(2026, 3, 2)) == 1
    gone = db.session.scalars(sa.select(Specialty).filter_by(name="旧专业")).one()
    assert gone.valid_until == date(2026, 3, 1)
    assert load(date(2026, 4, 1)) == 0
    assert gone.valid_until == date(2026, 3, 1)


def test_what_comes_back_holds_again_and_what_changed_is_corrected() -> None:
    load()
    with transaction():
        row = db.session.scalars(sa.select(Specialty).filter_by(name="麻醉")).one()
        row.valid_until, row.required_in_counties = date(2024, 1, 1), False
    assert load() == 1
    db.session.refresh(row)
    assert (row.valid_until, row.required_in_counties) == (None, True)


def test_the_command(app: Flask) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(group, ["load", "--since", "2021-03-19"])
    assert first.exit_code == 0, first.output
    assert "specialties: 68 new or changed" in first.output
    assert "places: 0 " in runner.invoke(group, ["load"]).output
    assert db.session.query(Jurisdiction).count() == 103
    assert runner.invoke(group, ["load", "--since", "yesterday"]).exit_code == 2
