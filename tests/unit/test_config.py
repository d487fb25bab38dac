"""Settings from the environment, and everything with which production does not start."""

import secrets
from collections.abc import Mapping
from pathlib import Path

import pytest

import config
from config import ConfigurationError, settings
from tests import databases

GOOD = {
    "QCC_ENV": "production",
    "SECRET_KEY": "V9x-2kQz81LmNo_pRsTuVwXyZ0123456",
    "TRUSTED_HOSTS": "qcc.example.org, www.qcc.example.org",
}


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "data")


def _refusal(folder: str, **changed: str | None) -> str:
    env = {**GOOD, "QCC_DATA_DIR": folder, **changed}
    with pytest.raises(ConfigurationError) as refused:
        settings({name: value for name, value in env.items() if value is not None})
    return str(refused.value)


def test_production_starts_when_all_is_right(folder: str) -> None:
    values = settings({**GOOD, "QCC_DATA_DIR": folder})
    assert values["TRUSTED_HOSTS"] == ["qcc.example.org", "www.qcc.example.org"]
    assert values["SESSION_COOKIE_NAME"] == "__Host-qcc"
    assert values["SESSION_COOKIE_SECURE"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param({"SECRET_KEY": None}, "SECRET_KEY is not set", id="no key"),
        pytest.param({"SECRET_KEY": ""}, "SECRET_KEY is not set", id="empty key"),
        pytest.param({"SECRET_KEY": "V9x-2kQz81LmNo_pRsTuVwXyZ012345"}, "too short", id="31"),
        pytest.param({"SECRET_KEY": "changeme"}, "known or guessable", id="known"),
        pytest.param({"SECRET_KEY": "DEV"}, "known or guessable", id="known, in capitals"),
        pytest.param({"SECRET_KEY": "abc" * 20}, "known or guessable", id="nine letters at most"),
        pytest.param({"FLASK_DEBUG": "1"}, "Debug mode is on", id="debug"),
        pytest.param({"FLASK_DEBUG": "True"}, "Debug mode is on", id="debug, in words"),
        pytest.param({"TRUSTED_HOSTS": None}, "TRUSTED_HOSTS is empty", id="no hosts"),
        pytest.param({"TRUSTED_HOSTS": " , "}, "TRUSTED_HOSTS is empty", id="blank hosts"),
        pytest.param({"QCC_ENV": "prod"}, "set it to production or", id="neither"),
        pytest.param({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES is not", id="proxies"),
        pytest.param({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES is not", id="fewer than none"),
        pytest.param(
            {"TRUSTED_HOSTS": ".example.org"}, "PUBLIC_URL is not set", id="hosts are a pattern"
        ),
        pytest.param({"PUBLIC_URL": "qc.example.org"}, "PUBLIC_URL is no address", id="no scheme"),
        pytest.param({"PUBLIC_URL": "https://"}, "PUBLIC_URL is no address", id="no host"),
        pytest.param({"PUBLIC_URL": "https://a.b/?c"}, "PUBLIC_URL is no address", id="a query"),
        pytest.param({"QCC_UPLOAD_QUOTA_MB": "5GB"}, "QCC_UPLOAD_QUOTA_MB is not", id="quota"),
    ],
)
def test_production_refuses(folder: str, changed: Mapping[str, str | None], sentence: str) -> None:
    said = _refusal(folder, **changed)
    assert sentence in said
    assert "\n" not in said
    assert said.endswith(".")
    assert " set " in said or ": unset " in said  # it says what to do


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "https://qcc.example.org"),
        ({"PUBLIC_URL": "https://papers.example.org/"}, "https://papers.example.org"),
        ({"PUBLIC_URL": "https://example.org/qcc"}, "https://example.org/qcc"),
        ({"TRUSTED_HOSTS": ".example.org", "PUBLIC_URL": "https://a.org"}, "https://a.org"),
        ({"QCC_ENV": "", "PORT": "8123"}, "http://127.0.0.1:8123"),
        ({"QCC_ENV": ""}, "http://127.0.0.1:8000"),
    ],
)
def test_papers_name_an_address_under_which_the_product_is_reached(
    folder: str, given: Mapping[str, str], address: str
) -> None:
    assert settings({**GOOD, "QCC_DATA_DIR": folder, **given})["PUBLIC_URL"] == address


def test_the_key_of_our_own_tests_is_known(folder: str) -> None:
    key = str(databases.settings("sqlite://", Path(folder))["SECRET_KEY"])
    assert "known" in _refusal(folder, SECRET_KEY=key)


def test_made_keys_are_taken(folder: str) -> None:
    """Keys made as the manual says never look like one of the refused."""
    for _ in range(500):
        env = {**GOOD, "QCC_DATA_DIR": folder, "SECRET_KEY": secrets.token_urlsafe(48)}
        assert settings(env)["SECRET_KEY"] == env["SECRET_KEY"]


def test_development_makes_a_key_of_its_own_once(folder: str) -> None:
    first = settings({"QCC_DATA_DIR": folder})["SECRET_KEY"]
    assert len(first) >= config.SHORTEST_KEY
    assert settings({"QCC_DATA_DIR": folder})["SECRET_KEY"] == first
    key = Path(folder) / "secret_key"
    assert key.stat().st_mode & 0o077 == 0, "nobody else reads it"


def test_development_is_what_it_is_without_a_word(folder: str) -> None:
    values = settings({"QCC_DATA_DIR": folder})
    assert not values["PRODUCTION"]
    assert values["SESSION_COOKIE_NAME"] == "qcc"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("postgres://u:p@db/qcc", "postgresql+psycopg://u:p@db/qcc"),
        ("postgresql://u:p@db/qcc", "postgresql+psycopg://u:p@db/qcc"),
        ("postgresql+psycopg://u@db/qcc", "postgresql+psycopg://u@db/qcc"),
        ("sqlite:////tmp/a.db", "sqlite:////tmp/a.db"),
    ],
)
def test_the_database_is_reached_by_the_driver_we_have(given: str, taken: str) -> None:
    assert config.database_url(given, Path("nowhere")) == taken


def test_sqlite_in_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    assert config.database_url("", tmp_path / "d") == f"sqlite:///{tmp_path / 'd' / 'qcc.db'}"
    assert (tmp_path / "d").is_dir()


def test_a_form_is_proven_by_its_token_and_not_by_a_referrer_we_forbid(folder: str) -> None:
    assert settings({**GOOD, "QCC_DATA_DIR": folder})["WTF_CSRF_SSL_STRICT"] is False
