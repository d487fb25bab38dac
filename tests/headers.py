"""What every answer of the product carries, whatever it is."""

from werkzeug.test import TestResponse

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
KEPT = ("/static/", "/bootstrap/static/", "/assets/")


def check_headers(answer: TestResponse, path: str) -> None:
    """The strict policy without inline code, no sniffing, no framing, nothing told to others; and
    nothing but assets stays in a cache."""
    directives = answer.headers["Content-Security-Policy"].split("; ")
    assert dict(each.split(" ", 1) for each in directives) == POLICY, path
    for name, value in ALWAYS.items():
        assert answer.headers.getlist(name) == [value], (path, name)
    assert "camera=()" in answer.headers["Permissions-Policy"]
    if not path.startswith(KEPT):
        assert answer.headers["Cache-Control"] == "no-store", path
    assert "Server" not in answer.headers
    assert "X-Powered-By" not in answer.headers
