"""Where a redirect may lead: to a page of our own that exists."""

from urllib.parse import quote, urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def this_address() -> str:
    """The address of the page that is being drawn, quoted; without what was sent to it."""
    path = quote(request.path, safe="/")
    asked = request.query_string.decode("ascii", "ignore") if request.method == "GET" else ""
    return f"{path}?{asked}" if asked else path


def local_target(wanted: str | None) -> str:
    """*wanted* if it is the address of a known page of this product, else the workbench."""
    home = url_for("workbench.home")
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return home
    if any(ord(char) < 32 or char == "\\" for char in wanted):
        return home
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc:
        return home
    adapter = current_app.url_map.bind_to_environ(request.environ)
    try:
        endpoint, _arguments = adapter.match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return home
    return home if endpoint in {"static", "bootstrap.static"} else wanted
