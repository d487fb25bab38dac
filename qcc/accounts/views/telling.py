"""How one is told, chosen on one's own page; and what could not be told, for administrators."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from qcc.accounts.forms import ChannelsForm, PlainForm
from qcc.accounts.queries import find_told_by, get_own_user, list_undelivered
from qcc.accounts.services import choose_channels, try_again
from qcc.accounts.views.blueprint import bp
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.i18n import DEFAULT, _
from qcc.infra.listing import after
from qcc.infra.robots import Robot
from qcc.infra.templating import PAGE
from qcc.kernel.permissions import Permission as P


@bp.get("/desk/notifications")
@requires(P.DESK_USE)
def channels() -> str:
    """By which ways I am told outside the product."""
    choice = find_told_by(current_actor().person_id)
    form = ChannelsForm(
        formdata=None,
        version=choice.version if choice else 0,
        by_mail=choice.by_mail if choice else True,
        language=choice.language if choice else DEFAULT,
        robot=choice.robot.value if choice and choice.robot else "",
    )
    return _page(form)


def _page(form: ChannelsForm) -> str:
    actor = current_actor()
    choice = find_told_by(actor.person_id)
    return render_template(
        "accounts/channels.html",
        form=form,
        email=get_own_user(actor).person.email,
        has_robot=bool(choice and choice.robot),
    )


@bp.post("/desk/notifications")
@requires(P.DESK_USE)
def choose() -> Response | tuple[str, int]:
    """Keep what was chosen."""
    form = ChannelsForm()
    if form.validate():
        try:
            with transaction():
                choose_channels(
                    current_actor(),
                    form.version.data,
                    by_mail=form.by_mail.data,
                    language=form.language.data,
                    robot=Robot(form.robot.data) if form.robot.data else None,
                    address=form.address.data or "",
                    secret=form.secret.data or "",
                )
            flash(_("This is how you are told from now on."), "done")
            return redirect(url_for("accounts.channels"))
        except Refused as refusal:
            form.refuse(refusal)
    return _page(form), 422


@bp.get("/undelivered")
@requires(P.JOB_VIEW)
def undelivered() -> str:
    """What was given up: to whom, by which channel, why."""
    rows = list_undelivered(after(), PAGE + 1)
    return render_template(
        "accounts/undelivered.html",
        rows=rows[:PAGE],
        next_after=rows[PAGE - 1].id if len(rows) > PAGE else 0,
        again=PlainForm(formdata=None),
    )


@bp.post("/undelivered/<int:delivery_id>/retry")
@requires(P.DELIVERY_RETRY)
def retry(delivery_id: int) -> Response:
    """Send it once more."""
    with transaction():
        try_again(current_actor(), delivery_id)
    flash(_("It is sent again within a minute."), "done")
    return redirect(url_for("accounts.undelivered"))
