"""One's own desk: roles, password, sessions."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.accounts.forms import ChangePasswordForm, PlainForm
from qcc.accounts.labels import browser_word
from qcc.accounts.passwords import SHORTEST
from qcc.accounts.queries import get_own_user, list_desks, list_sessions
from qcc.accounts.services import change_password as replace_password
from qcc.accounts.services import switch_desk as sit_down
from qcc.accounts.sessions import hash_token
from qcc.accounts.signed_in import current_token
from qcc.accounts.views.blueprint import bp
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _
from qcc.infra.listing import LARGEST_KEY
from qcc.kernel.permissions import Permission as P


@bp.get("/desk")
@requires(P.DESK_USE)
def desk() -> str:
    """Who I am, at which desk I sit, where I am signed in."""
    return _page(ChangePasswordForm())


def _page(form: ChangePasswordForm) -> str:
    actor = current_actor()
    return render_template(
        "accounts/desk.html",
        form=form,
        switch=PlainForm(formdata=None),
        user=get_own_user(actor),
        desks=list_desks(actor.person_id),
        at=actor.assignment_id,
        sessions=list_sessions(actor.user_id),
        this_session=hash_token(current_token()),
        browser_word=browser_word,
        shortest=SHORTEST,
    )


@bp.post("/desk/switch")
@requires(P.DESK_USE)
def switch_desk() -> Response:
    """Sit down at another of one's own desks."""
    wanted = request.form.get("desk", 0, type=int)
    if not 0 < wanted <= LARGEST_KEY:
        raise NotFound
    with transaction():
        sit_down(current_actor(), current_token(), wanted)
    return redirect(url_for("workbench.home"))


@bp.post("/desk/password")
@requires(P.DESK_USE)
def change_password() -> Response | tuple[str, int]:
    """Replace one's own password."""
    form = ChangePasswordForm()
    if form.validate():
        try:
            with transaction():
                replace_password(
                    current_actor(), current_token(), form.old.data, form.password.data
                )
            flash(_("The password was changed. Your other sessions were ended."))
            return redirect(url_for("accounts.desk"))
        except Refused as refusal:
            form.refuse(refusal)
    return _page(form), 422
