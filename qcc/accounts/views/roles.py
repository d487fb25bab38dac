"""Roles: for the security administrator."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from qcc.accounts.forms import RoleForm
from qcc.accounts.queries import get_assignment, get_user
from qcc.accounts.services import assign_role as give_role
from qcc.accounts.services import end_role as take_role
from qcc.accounts.views.blueprint import bp
from qcc.accounts.views.users import ASSIGNABLE, user_page
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _, _l
from qcc.infra.idempotency import once
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.permissions import Permission as P
from qcc.organizations.models import Organization
from qcc.organizations.queries import find_organization_by_name, get_organization


@bp.post("/users/<int:user_id>/roles")
@requires(P.ROLE_ASSIGN)
def assign_role(user_id: int) -> Response | tuple[str, int]:
    """Give a user a role at an organization of the jurisdiction."""
    actor = current_actor()
    shown = get_user(actor, user_id)
    form = RoleForm(ASSIGNABLE)
    if form.validate():
        try:
            once(actor, form.key.data, lambda: _assign(actor, user_id, form))
            flash(_("The role was given."))
            return redirect(url_for("accounts.user", user_id=user_id))
        except Refused as refusal:
            form.refuse(refusal)
            shown = get_user(actor, user_id)
    return user_page(shown, form), 422


def _assign(actor: Actor, user_id: int, form: RoleForm) -> int:
    user = get_user(actor, user_id)
    organization = _organization(actor, form.organization.data)
    return give_role(actor, user.person, Role(form.role.data), organization).id


def _organization(actor: Actor, name: str) -> Organization:
    found = find_organization_by_name(name)
    try:
        return get_organization(actor, found.id if found else 0)
    except NotFound:
        raise Refused(
            _l("No organization in your jurisdiction has this name."), "organization"
        ) from None


@bp.post("/users/<int:user_id>/roles/<int:assignment_id>/end")
@requires(P.ROLE_ASSIGN)
def end_role(user_id: int, assignment_id: int) -> Response:
    """Take a role from a user from today on."""
    actor = current_actor()
    with transaction():
        user, assignment = get_user(actor, user_id), get_assignment(actor, assignment_id)
        if assignment.person_id != user.person_id:
            raise NotFound
        take_role(actor, assignment)
    flash(_("The role was ended."))
    return redirect(url_for("accounts.user", user_id=user_id))
