"""Settings from the environment, and what production refuses to start with."""

import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
KNOWN_KEYS = {
    "secret", "dev", "development", "changeme", "change-me", "secret_key", "test", "qcc",
    "for tests only, long enough to be taken",
}  # fmt: skip
"""Keys that stand in books, examples, or our own tests."""
SHORTEST_KEY = 32
MEGABYTE = 1024 * 1024


class ConfigurationError(RuntimeError):
    """The environment does not allow a start; one sentence says what to set."""


def settings(env: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Flask's configuration from the environment; raises ConfigurationError in production."""
    production = is_production(env)
    data = Path(env.get("QCC_DATA_DIR", ROOT / "var")).resolve()
    values: dict[str, Any] = {
        "PRODUCTION": production,
        "DATA_DIR": data,
        "SECRET_KEY": env.get("SECRET_KEY", ""),
        "DEBUG": env.get("FLASK_DEBUG", "").lower() in {"1", "true", "yes", "on"},
        "SQLALCHEMY_DATABASE_URI": database_url(env.get("DATABASE_URL", ""), data),
        "TRUSTED_HOSTS": [h.strip() for h in env.get("TRUSTED_HOSTS", "").split(",") if h.strip()]
        or None,
        "TRUSTED_PROXIES": whole_number(env, "TRUSTED_PROXIES", 0),
        "AUDIT_KEY": env.get("AUDIT_KEY", ""),
        "DATA_KEY": env.get("DATA_KEY", ""),
        "QUEUE_URL": env.get("QUEUE_URL", "").strip(),
        "WORKER_NICE": whole_number(env, "WORKER_NICE", 10),
        "MAIL_URL": env.get("MAIL_URL", ""),
        "MAIL_FROM": env.get("MAIL_FROM", "qcc@localhost"),
        "MAX_CONTENT_LENGTH": 12 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
        "MAX_FORM_PARTS": 2000,
        "UPLOAD_QUOTA": whole_number(env, "QCC_UPLOAD_QUOTA_MB", 500) * MEGABYTE,
        "SESSION_COOKIE_NAME": "__Host-qcc" if production else "qcc",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "WTF_CSRF_TIME_LIMIT": None,
        # Forms are proven by their token. The check of the referrer, which https would add, cannot
        # be met: our own header tells browsers to send none.
        "WTF_CSRF_SSL_STRICT": False,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "SEND_FILE_MAX_AGE_DEFAULT": 86400,
    }
    values["PUBLIC_URL"] = env.get("PUBLIC_URL", "").strip().rstrip("/") or public_url(
        values["TRUSTED_HOSTS"] if production else None, whole_number(env, "PORT", 8000)
    )
    if production:
        for refusal in refusals(values):
            raise ConfigurationError(refusal)
    elif not values["SECRET_KEY"]:
        values["SECRET_KEY"] = development_key(data)
    return values


def is_production(env: Mapping[str, str]) -> bool:
    """Whether this is the real thing; raises ConfigurationError for a word that says neither."""
    word = env.get("QCC_ENV", "") or "development"
    if word not in {"production", "development"}:
        raise ConfigurationError(f"QCC_ENV is {word!r}: set it to production or to development.")
    return word == "production"


def whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    """A setting that counts something; raises ConfigurationError for anything else."""
    text = env.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit()):
        raise ConfigurationError(f"{name} is not a whole number: set it to one, such as {default}.")
    return int(text or default)


def public_url(hosts: list[str] | None, port: int) -> str:
    """The address written into mails and papers where none is set: that of the first trusted host,
    or of this machine in development. A pattern (".example.org") is no address."""
    if hosts is None:
        return f"http://127.0.0.1:{port}"
    return f"https://{hosts[0]}" if not hosts[0].startswith(".") else ""


def is_address(url: str) -> bool:
    """Whether *url* is one under which a browser reaches the product."""
    parts = urlsplit(url)
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and not (parts.query or parts.fragment or parts.username)
        and url.isascii()
        and not any(char.isspace() for char in url)
    )


def database_url(url: str, data: Path) -> str:
    """The database's address for SQLAlchemy; SQLite in the data folder unless one is given."""
    if not url:
        data.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{data / 'qcc.db'}"
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def development_key(data: Path) -> str:
    """A random key of this folder, made once; never for production."""
    path = data / "secret_key"
    try:
        data.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


def refusals(values: Mapping[str, Any]) -> Iterator[str]:
    """Why production may not start with these settings; each sentence says what to set."""
    key = values["SECRET_KEY"]
    if not key:
        yield "SECRET_KEY is not set: set it to at least 32 random characters."
    elif key.lower() in KNOWN_KEYS or len(set(key)) < 10:
        yield "SECRET_KEY is a known or guessable value: set it to at least 32 random characters."
    elif len(key) < SHORTEST_KEY:
        yield "SECRET_KEY is too short: set it to at least 32 random characters."
    if values["DEBUG"]:
        yield "Debug mode is on: unset FLASK_DEBUG."
    if not values["TRUSTED_HOSTS"]:
        yield "TRUSTED_HOSTS is empty: set it to the host names the product is reached by."
    elif not values["PUBLIC_URL"]:
        yield "PUBLIC_URL is not set: set it to the address that papers and mails shall name."
    if values["PUBLIC_URL"] and not is_address(values["PUBLIC_URL"]):
        yield "PUBLIC_URL is no address: set it to one such as https://qc.example.org."
