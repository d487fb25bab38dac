"""Headers on every response, error pages and assets included."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from werkzeug.wrappers import Response

from qcc.infra.access import ASSETS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

FIXED = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
OVER_HTTPS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")

KEPT = ASSETS | {"assets.htmx"}
"""What browsers may keep: the same for everybody, and named by its content."""


class WithHeaders:
    """The application with the same headers on all that it answers, however that came about."""

    def __init__(self, app: "WSGIApplication", headers: Iterable[tuple[str, str]]) -> None:
        self._app, self._headers = app, tuple(headers)

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start(status, [*headers, *self._headers], *error)

        return self._app(environ, begin)


def init_app(app: Flask) -> None:
    """Set the headers of every response. Only assets may stay in a cache: whatever else is
    answered is one reader's, and carries at least a token."""
    fixed = (*FIXED, OVER_HTTPS) if app.config["PRODUCTION"] else FIXED
    app.wsgi_app = WithHeaders(app.wsgi_app, fixed)  # type: ignore[assignment,method-assign]

    @app.after_request
    def keep_out_of_caches(response: Response) -> Response:
        if request.endpoint not in KEPT:
            response.headers["Cache-Control"] = "no-store"
        return response
