"""Headers on every response, error pages and assets included."""

from flask import Flask, request
from werkzeug.wrappers import Response

from qcc.infra.access import ASSETS

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

KEPT = ASSETS | {"assets.htmx"}
"""What browsers may keep: the same for everybody, and named by its content."""


def init_app(app: Flask) -> None:
    """Set the headers after each request. Only assets may stay in a cache: whatever else is
    answered is one reader's, and carries at least a token."""

    @app.after_request
    def set_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if app.config["PRODUCTION"]:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint not in KEPT:
            response.headers["Cache-Control"] = "no-store"
        return response
