"""The door: signing in and out, and setting a password by an activation link."""

from math import ceil

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response

from qcc.accounts.forms import NewPasswordForm, SignInForm
from qcc.accounts.models import User
from qcc.accounts.passwords import SHORTEST
from qcc.accounts.queries import get_linked_user
from qcc.accounts.services import (
    Throttled,
    begin_attempt,
    prove,
)
from qcc.accounts.services import (
    activate as activate_user,
)
from qcc.accounts.services import (
    sign_in as start_session,
)
from qcc.accounts.services import (
    sign_out as end_session,
)
from qcc.accounts.signed_in import current_token, forget, remember, source
from qcc.accounts.views.blueprint import bp
from qcc.infra.access import actor_or_none, current_actor, public, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.i18n import _, _l
from qcc.infra.navigation import local_target
from qcc.kernel.permissions import Permission as P

Page = str | Response | tuple[str, int]

WRONG = _l("The user name or the password is wrong.")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Page:
    """Sign in, and go on to where one wanted to be."""
    target = local_target(request.args.get("next"))
    form = SignInForm()
    if request.method != "POST":
        return redirect(target) if actor_or_none() else (_sign_in_page(form), 200)
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        token = _enter(form.username.data, form.password.data)
    except Throttled as throttled:
        form.refuse(Refused(_wait(throttled)))
        return _sign_in_page(form), 429
    except Refused as refusal:
        form.refuse(refusal)
        return _sign_in_page(form), 422
    if token is None:
        form.refuse(Refused(WRONG))
        return _sign_in_page(form), 422
    remember(token)
    return redirect(target)


def _enter(username: str, password: str) -> str | None:
    """The token of a new session; None if name and password do not fit."""
    with transaction():
        attempt = begin_attempt(username, source())
    proof = prove(username, password)
    with transaction():
        token = start_session(attempt, proof, request.user_agent.string)
        if token and actor_or_none():
            end_session(current_actor(), current_token())
    return token


def _wait(throttled: Throttled) -> LazyString:
    minutes = max(1, ceil(throttled.wait.total_seconds() / 60))
    return _l(
        "Too many failed attempts from here. Try again in %(minutes)s min. If you forgot the"
        " password, ask your system administrator for a new activation link.",
        minutes=minutes,
    )


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form)


@bp.post("/sign-out")
@requires(P.DESK_USE)
def sign_out() -> Response:
    """End the session, here and on the server."""
    with transaction():
        end_session(current_actor(), current_token())
    forget()
    return redirect(url_for("accounts.sign_in"))


@bp.route("/activate/<token>", methods=["GET", "POST"])
@public
def activate(token: str) -> Page | Response:
    """Set the password by a link. Looking at the page does not use the link up."""
    form = NewPasswordForm()
    user = get_linked_user(token)
    if user is None:
        return render_template("accounts/link_dead.html"), 410
    if request.method == "POST" and form.validate():
        try:
            _set_password(token, form.password.data)
            return redirect(url_for("accounts.sign_in"))
        except Refused as refusal:
            form.refuse(refusal)
    status = 422 if request.method == "POST" else 200
    answer = make_response(_activation_page(form, user), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _set_password(token: str, password: str) -> None:
    """Set it; whoever was signed in at this browser is not any more."""
    actor = actor_or_none()
    with transaction():
        activate_user(token, password)
        if actor:
            end_session(actor, current_token())
    forget()
    flash(_("The password is set. Sign in with it."))


def _activation_page(form: NewPasswordForm, user: User) -> str:
    return render_template("accounts/activate.html", form=form, user=user, shortest=SHORTEST)
