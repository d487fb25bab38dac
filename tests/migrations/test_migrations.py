"""Migrations: up from nothing, down to nothing, up again; the models are what they make; and what
stands in the tables lives through every rebuilding of them."""

import json
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, stamp, upgrade

import config
from qcc.app import create_app
from qcc.infra import audit
from qcc.infra.db import db, transaction
from qcc.infra.installation import is_at_head, production_problems
from tests.databases import settings
from tests.factories.centers import established, province

_serial = count(1)


@pytest.fixture
def address(engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database."""
    if engine_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'migrated.db'}"
        return
    server = request.getfixturevalue("postgresql")
    name = f"qcc_migrations_{next(_serial)}"
    engine = sa.create_engine(
        f"{server}/postgres", isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def bare(address: str, tmp_path: Path) -> Iterator[Flask]:
    """The product on an empty database."""
    app = create_app(settings(address, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def _revisions() -> list[str]:
    """From the first to the last."""
    script = ScriptDirectory.from_config(_config())
    return [each.revision for each in reversed(list(script.walk_revisions()))]


def _config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(config.ROOT / "migrations"))
    return made


def _drift() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, db.metadata))


def _constraints() -> dict[str, set[str]]:
    """The names of all constraints and indexes of each table, as the database has them."""
    inspector = sa.inspect(db.engine)
    found: dict[str, set[str]] = {table: set() for table in _tables()}
    for read in (
        inspector.get_multi_unique_constraints,
        inspector.get_multi_foreign_keys,
        inspector.get_multi_check_constraints,
        inspector.get_multi_indexes,
    ):
        for (_schema, table), named in read().items():
            if table in found:
                found[table] |= {str(each["name"]) for each in named if each["name"]}
    return found


def test_up_down_and_up_again(bare: Flask) -> None:
    assert _tables() == set()
    upgrade()
    first, constraints = _tables(), _constraints()
    assert first == set(db.metadata.tables)
    downgrade(revision="base")
    assert _tables() == set(), "something is left behind"
    upgrade()
    assert _tables() == first
    assert _constraints() == constraints


def test_each_step_leads_back(bare: Flask) -> None:
    found = {"base": _constraints()}
    for revision in _revisions():
        upgrade(revision=revision)
        found[revision] = _constraints()
    for revision in list(found)[-2::-1]:
        downgrade(revision=revision)
        assert _constraints() == found[revision], revision
    upgrade()
    assert _constraints() == found[_revisions()[-1]]


def test_the_models_are_what_the_migrations_make(bare: Flask) -> None:
    upgrade()
    assert _drift() == []


def test_conditions_of_partial_indexes_and_checks_are_those_of_the_models(bare: Flask) -> None:
    """What autogeneration does not compare: made by the migrations and by the models, the
    databases must refuse the same rows."""
    upgrade()
    migrated = _definitions()
    with db.engine.begin() as connection:
        db.metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
    with db.engine.begin() as connection:
        db.metadata.create_all(connection)
    modelled = _definitions()
    assert migrated.keys() == modelled.keys()
    for name, text in modelled.items():
        assert migrated[name] == text, name


def _definitions() -> dict[str, str]:
    """Checks and partial indexes as the database words them."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            rows = connection.exec_driver_sql(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'"
                " UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            ).all()
            return {name: text for name, text in rows if "alembic" not in name}
    inspector = sa.inspect(db.engine)
    found = {}
    for table in _tables():
        for check in inspector.get_check_constraints(table):
            found[f"{table}.{check['name']}"] = "".join(str(check["sqltext"]).split())
        for index in inspector.get_indexes(table):
            where = index.get("dialect_options", {}).get("sqlite_where", "")
            found[str(index["name"])] = f"{index['column_names']} {index['unique']} {where}"
    return found


@pytest.mark.usefixtures("clock")
def test_what_stands_in_the_tables_lives_through_their_rebuilding(bare: Flask) -> None:
    """On SQLite a changed table is made anew and the old one dropped: with foreign keys on, that
    would take the rows of others with it."""
    upgrade()
    made = province()
    established(made)
    db.session.rollback()
    before = _contents()
    assert before["officers"]
    assert before["hostings"]
    with db.engine.connect() as connection:
        _without_foreign_keys(connection, lambda: _rebuild_all(connection))
    assert _contents() == before
    assert _violations() == []


def _contents() -> dict[str, list[tuple[object, ...]]]:
    with db.engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(sa.select(table)).all()), key=repr)
            for name, table in sorted(db.metadata.tables.items())
        }


def _without_foreign_keys(connection: sa.Connection, act: object) -> None:
    """As the environment of the migrations does it."""
    raw = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA legacy_alter_table=ON")
    try:
        act()  # type: ignore[operator]
        connection.commit()
    finally:
        if connection.dialect.name == "sqlite":
            raw.execute("PRAGMA legacy_alter_table=OFF")
            raw.execute("PRAGMA foreign_keys=ON")


def _rebuild_all(connection: sa.Connection) -> None:
    operations = Operations(MigrationContext.configure(connection))
    recreate = "always" if connection.dialect.name == "sqlite" else "never"
    for name in sorted(_tables()):
        if name.startswith("audit_"):
            continue  # their triggers are made by hand
        with operations.batch_alter_table(name, recreate=recreate) as batch:
            batch.add_column(sa.Column("more", sa.Integer(), nullable=True))


def _violations() -> list[object]:
    with db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            return []
        return list(connection.exec_driver_sql("PRAGMA foreign_key_check").all())


@pytest.mark.usefixtures("clock")
def test_data_lives_through_the_newest_step_down_and_up(bare: Flask) -> None:
    """Of the tables that the step before knows already."""
    upgrade()
    established(province())
    db.session.rollback()
    before = _contents()
    downgrade(revision="-1")
    kept = _tables()
    upgrade()
    after = _contents()
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert _violations() == []


@pytest.mark.usefixtures("clock")
def test_the_audit_chain_is_whole_after_migrating(bare: Flask) -> None:
    upgrade()
    with transaction():
        audit.record(None, "test.happened", "thing", 1)
    db.session.rollback()
    assert list(audit.verify(db.session)) == []
    with pytest.raises(sa.exc.DBAPIError), db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_events")


def test_the_head_is_known_when_it_is_reached(bare: Flask) -> None:
    def at_head() -> bool:
        with db.engine.connect() as connection:
            return is_at_head(connection)

    assert not at_head()
    upgrade()
    assert at_head()
    stamp(revision=_revisions()[0])
    assert not at_head()
    with db.engine.connect() as connection:
        (problem,) = production_problems(connection)
    assert problem.startswith("The database is not at the newest migration")


def test_there_is_one_line_of_migrations() -> None:
    script = ScriptDirectory.from_config(_config())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_papers_of_before_the_register_get_a_code_and_keep_their_content(bare: Flask) -> None:
    upgrade(revision="0002")
    contents = {
        "decision": {"issuer": "某委", "approved": True, "decided_on": "2026-03-02"},
        "filing_letter": {"center": "某中心", "approved_on": "2026-03-03"},
        "application_form": {"institution_name": "某医院", "submitted_on": "2026-03-04"},
    }
    with db.engine.begin() as connection:
        _old_papers(connection, contents)
    upgrade(revision="0003")
    with db.engine.begin() as connection:
        rows = connection.exec_driver_sql(
            "SELECT kind, title, issuer, dated_on, number, code, content FROM papers ORDER BY id"
        ).all()
        found = [(kind, title, issuer, str(day)) for kind, title, issuer, day, *_more in rows]
        assert found == [
            ("decision", "设置批准决定", "某委", "2026-03-02"),
            ("filing_letter", "专家组备案函", "某中心", "2026-03-03"),
            ("application_form", "设置申请表", "某医院", "2026-03-04"),
        ]
        assert {number for *_more, number, _code, _content in rows} == {""}
        assert len({code for *_more, code, _content in rows}) == 3
        kept = [json.loads(row[-1]) if isinstance(row[-1], str) else row[-1] for row in rows]
        assert kept == list(contents.values())
    downgrade(revision="0002")
    upgrade(revision="0003")


def _old_papers(connection: sa.Connection, contents: Mapping[str, Mapping[str, Any]]) -> None:
    """Papers as they stood before, with the place and organization that they need."""
    connection.exec_driver_sql(
        "INSERT INTO jurisdictions (code, name, full_name, level)"
        " VALUES ('330000', '某省', '某省', 'province')"
    )
    connection.exec_driver_sql(
        "INSERT INTO organizations (id, kind, name, short_name, place, grade, category,"
        " legal_representative, phone, search_text, version)"
        " VALUES (1, 'commission', '某委', '', '330000', '', '', '', '', '', 1)"
    )
    add = sa.text(
        "INSERT INTO papers (kind, subject_type, subject_id, round, state, owner_id, name, content,"
        " rulebook_version, asked_at, attempts, error, sha256) VALUES (:kind, 'test', 1, 1,"
        " 'issued', 1, 'x.pdf', :content, '', '2026-03-02 01:00:00', 0, '', 'aa')"
    )
    for kind, content in contents.items():
        connection.execute(add, {"kind": kind, "content": json.dumps(content)})
