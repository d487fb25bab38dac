"""What the host proposes for an officer whose employment changed."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.centers.forms import ExceptionForm, ReplacementForm
from qcc.centers.permissions import is_of_host
from qcc.centers.queries import get_change
from qcc.centers.services import propose_exception, propose_replacement
from qcc.centers.views import bp
from qcc.centers.views.conflict import status_of, tell_stale
from qcc.centers.views.decisions import ASKED
from qcc.centers.workflow import CHANGE
from qcc.infra.access import current_actor, requires
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.forms import VersionedForm
from qcc.infra.i18n import _, _l
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P
from qcc.organizations.queries import find_organization_by_name, own_organization

Answer = str | tuple[str, int] | Response


@bp.route(
    "/changes/<int:change_id>/propose/<any(replacement,exception):way>",
    methods=["GET", "POST"],
    endpoint="propose_change",
)
@requires(P.OFFICER_REPORT)
def propose(change_id: int, way: str) -> Answer:
    """Propose who is to follow, or that the person stays."""
    actor = current_actor()
    found = get_change(actor, change_id)
    if not is_of_host(actor, found.center, found.officer.hosting):
        raise NotFound
    CHANGE.find("propose", found.state)
    form = ReplacementForm() if way == "replacement" else ExceptionForm()
    status = 200
    if request.method == "GET":
        form.version.data = found.version
        if isinstance(form, ReplacementForm):
            form.employer.data = own_organization(actor).name
    elif form.validate():
        try:
            with transaction():
                _propose(actor, change_id, form)
            flash(_("The proposal now lies before the commission."), "done")
            return redirect(url_for("centers.change", change_id=change_id))
        except Refused as refusal:
            form.refuse(refusal)
        except StaleEdit as stale:
            status = tell_stale(form, stale)
    page = render_template(
        "centers/propose_change.html",
        change=found,
        form=form,
        way=way,
        asked=ASKED[found.officer.post],
    )
    return page, status_of(form, status)


def _propose(actor: Actor, change_id: int, form: VersionedForm) -> None:
    if isinstance(form, ExceptionForm):
        propose_exception(
            actor,
            change_id,
            form.version.data,
            form.reason.data,
            form.is_not_retired.data,
            form.consent,
        )
    elif isinstance(form, ReplacementForm):
        employer = find_organization_by_name(form.employer.data)
        if employer is None:
            raise Refused(
                _l("No institution of this name is registered. Write its full name."), "employer"
            )
        propose_replacement(actor, change_id, form.version.data, form.replacement(employer))
