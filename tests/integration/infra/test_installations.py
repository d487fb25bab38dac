"""Two installations in one process: each has its own keys and its own folder."""

from pathlib import Path

import pytest
from flask import Flask

import config
from qcc.app import create_app
from qcc.infra import audit, files
from qcc.infra.db import db, transaction
from qcc.infra.sealing import SealBroken, keyed_hash, seal, unseal
from tests.databases import migrate

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def other(tmp_path: Path) -> Flask:
    """Made after the first, with another secret."""
    env = {"SECRET_KEY": "another secret, as long as the first", "QCC_DATA_DIR": str(tmp_path)}
    made = create_app(config.settings(env))
    migrate(made)
    return made


def _act() -> list[audit.Break]:
    with transaction():
        audit.record(None, "organization.added", "organization", 1)
    return list(audit.verify(db.session))


def test_each_seals_its_own_chain(app: Flask, other: Flask) -> None:
    assert _act() == []
    with other.app_context():
        assert _act() == []
        db.session.remove()
        db.engine.dispose()
    assert _act() == []


def test_each_seals_its_own_values(app: Flask, other: Flask) -> None:
    sealed, hashed = seal("330102199001010017"), keyed_hash("330102199001010017")
    with other.app_context():
        assert keyed_hash("330102199001010017") != hashed
        with pytest.raises(SealBroken):
            unseal(sealed)
    assert unseal(sealed) == "330102199001010017"


def test_each_has_its_own_folder(app: Flask, other: Flask, tmp_path: Path) -> None:
    here = files.folder()
    with other.app_context():
        assert files.folder() == tmp_path / "files" != here
