"""Access at the edge: every endpoint declares one permission or that it is public."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qcc.infra import intake
from qcc.kernel.permissions import Actor, Permission

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
ASSETS = frozenset({"static", "bootstrap.static"})


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare the permission that an endpoint asks for."""

    def mark(view: View) -> View:
        if hasattr(view, "access"):
            raise TypeError(f"{view.__name__} declares its access twice")
        view.access = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Declare that anybody may call an endpoint."""
    if hasattr(view, "access"):
        raise TypeError(f"{view.__name__} declares its access twice")
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def declared_access(app: Flask, endpoint: str) -> Permission | str | None:
    """What an endpoint declares; None if nothing, and then it is refused."""
    if endpoint in ASSETS:
        return PUBLIC
    return getattr(app.view_functions.get(endpoint), "access", None)


def current_actor() -> Actor:
    """Who acts in this request. Only for endpoints that require a permission."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise RuntimeError("nobody is signed in")
    return actor


def actor_or_none() -> Actor | None:
    """Who acts in this request, if anybody is signed in."""
    actor: Actor | None = g.get("actor")
    return actor


def init_app(app: Flask, load_actor: Callable[[], Actor | None]) -> None:
    """Check every request against its endpoint's declaration before anything else happens."""
    intake.init_app(app)

    @app.before_request
    def check_access() -> Response | None:
        endpoint = request.endpoint
        if endpoint is None or endpoint in ASSETS:
            return None
        access = declared_access(app, endpoint)
        if access is None:
            abort(403)
        g.actor = load_actor()
        if access == PUBLIC:
            return None
        if g.actor is None:
            return _to_sign_in()
        if not g.actor.may(access):
            abort(403)
        return None


def _to_sign_in() -> Response:
    """A page leads to sign-in and back; a fragment's request is told to reload."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    target = url_for("accounts.sign_in", next=wanted)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"X-Sign-In": target})
    return redirect(target)
