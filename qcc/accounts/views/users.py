"""Users: for system and security administrators."""

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.accounts.forms import ActForm, InvitationForm, PlainForm, RoleForm
from qcc.accounts.models import LINK_GOOD_FOR, User, UserState
from qcc.accounts.permissions import OF_A_CENTER
from qcc.accounts.queries import (
    count_users,
    find_user_of,
    get_manageable_user,
    get_user,
    is_manageable,
    list_assignments,
    list_people_without_account,
    list_roles_of,
    list_sessions,
    list_users,
)
from qcc.accounts.services import (
    disable_user,
    enable_user,
    invite_user,
    make_link,
)
from qcc.accounts.services import (
    end_sessions as end_sessions_of,
)
from qcc.accounts.views.blueprint import bp
from qcc.infra import clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.infra.templating import PAGE, choices, page_of
from qcc.kernel.permissions import Permission as P
from qcc.kernel.permissions import Role
from qcc.organizations.models import Person
from qcc.organizations.queries import get_person

Page = str | Response | tuple[str, int]
ASSIGNABLE = [role for role in Role if role not in OF_A_CENTER]


@bp.get("/users")
@requires(P.USER_VIEW)
def users() -> str:
    """The users of the administrator's jurisdiction."""
    actor, after = current_actor(), listing.after()
    search, state = listing.words(), listing.chosen("state", UserState)
    rows = list_users(actor, search, after, PAGE + 1, state)
    return render_template(
        "accounts/users.html",
        page=page_of(rows, after),
        roles=list_roles_of(row.person_id for row in rows),
        count=count_users(actor, search, state),
        search=search,
        state=state,
        states=choices(UserState, _("All states")),
    )


@bp.get("/users/<int:user_id>")
@requires(P.USER_VIEW)
def user(user_id: int) -> str:
    """One user: person, roles, sessions."""
    return user_page(get_user(current_actor(), user_id), _role_form(user_id))


def _role_form(user_id: int) -> RoleForm:
    employer = get_user(current_actor(), user_id).person.employer
    return RoleForm(ASSIGNABLE, data={"organization": employer.name if employer else ""})


def user_page(shown: User, form: RoleForm) -> str:
    """The page of a user, with the form by which a role is given."""
    return render_template(
        "accounts/user.html",
        user=shown,
        person=shown.person,
        roles=list_assignments(shown.person_id),
        sessions=len(list_sessions(shown.id)),
        manageable=is_manageable(current_actor(), shown.id),
        states=UserState,
        form=form,
        plain=PlainForm(formdata=None),
        act=ActForm(formdata=None, data={"version": shown.version}),
        own=shown.id == current_actor().user_id,
    )


@bp.route("/users/invite", methods=["GET", "POST"])
@requires(P.USER_EDIT)
def invite() -> Page:
    """Choose a person, then a user name; the link is shown once."""
    actor = current_actor()
    if not listing.key("person"):
        found = list_people_without_account(actor, listing.words())
        return render_template("accounts/choose_person.html", people=found, search=listing.words())
    person = get_person(actor, listing.key("person"))
    known = find_user_of(person.id)
    if known:
        return redirect(url_for("accounts.user", user_id=known.id))
    form = InvitationForm()
    if request.method == "POST" and form.validate():
        try:
            return _invited(person.id, form)
        except Refused as refusal:
            form.refuse(refusal)
    status = 422 if request.method == "POST" else 200
    return _invitation_page(form, get_person(actor, listing.key("person"))), status


def _invitation_page(form: InvitationForm, person: Person) -> str:
    return render_template("accounts/invite.html", form=form, person=person)


def _invited(person_id: int, form: InvitationForm) -> Page:
    actor, token = current_actor(), ""

    def act() -> int:
        nonlocal token
        made, token = invite_user(actor, get_person(actor, person_id), form.username.data)
        return made.id

    made = int(once(actor, form.key.data, act))
    if not token:
        flash(_("The invitation was made already; its link was shown then."))
        return redirect(url_for("accounts.user", user_id=made))
    return _link_page(made, token)


def _link_page(user_id: int, token: str) -> str:
    """The only time that an activation link is shown."""
    path = url_for("accounts.activate", token=token)
    return render_template(
        "accounts/link.html",
        user=get_user(current_actor(), user_id),
        link=f"{current_app.config['PUBLIC_URL']}{path}",
        until=clock.now() + LINK_GOOD_FOR,
    )


@bp.post("/users/<int:user_id>/link")
@requires(P.USER_EDIT)
def new_link(user_id: int) -> Page:
    """A new activation link; earlier ones stop working."""
    actor = current_actor()
    with transaction():
        token = make_link(actor, get_manageable_user(actor, user_id))
    return _link_page(user_id, token)


@bp.post("/users/<int:user_id>/disable")
@requires(P.USER_EDIT)
def disable(user_id: int) -> Response:
    """Shut a user out at once."""
    with transaction():
        disable_user(current_actor(), user_id, _version())
    flash(_("The user was disabled; all sessions were ended."))
    return redirect(url_for("accounts.user", user_id=user_id))


@bp.post("/users/<int:user_id>/enable")
@requires(P.USER_EDIT)
def enable(user_id: int) -> Page:
    """Let a disabled user in again, by a new activation link."""
    with transaction():
        _user, token = enable_user(current_actor(), user_id, _version())
    return _link_page(user_id, token)


def _version() -> int:
    form = ActForm()
    return int(form.version.data) if form.validate() else 0


@bp.post("/users/<int:user_id>/sessions/end")
@requires(P.SESSION_END)
def end_sessions(user_id: int) -> Response:
    """End every session of a user."""
    with transaction():
        ended = end_sessions_of(current_actor(), user_id)
    flash(_("Sessions ended: %(count)s.", count=ended))
    return redirect(url_for("accounts.user", user_id=user_id))
