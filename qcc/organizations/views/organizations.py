"""Pages of organizations."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.infra import listing
from qcc.infra.access import current_actor, requires
from qcc.infra.conflicts import Difference, confront
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import Refused
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.infra.templating import PAGE, choices, page_of
from qcc.kernel.permissions import Permission as P
from qcc.organizations.forms import (
    NewOrganizationForm,
    OrganizationForm,
    organization_values,
)
from qcc.organizations.models import Organization, OrganizationKind
from qcc.organizations.queries import (
    count_organizations,
    count_people,
    get_organization,
    list_children,
    list_organization_names,
    list_organizations,
    list_places,
)
from qcc.organizations.services import add_organization, edit_organization
from qcc.organizations.views.blueprint import bp
from qcc.regulations.catalogs import GRADES

Page = str | Response | tuple[str, int]


@bp.get("/organizations")
@requires(P.ORGANIZATION_VIEW)
def index() -> str:
    """The organizations of the reader's jurisdiction, searched and filtered."""
    actor, after = current_actor(), listing.after()
    wanted = {
        "search": listing.words(),
        "kind": listing.chosen("kind", OrganizationKind),
        "place": listing.words("place"),
        "grade": listing.words("grade"),
    }
    rows = list_organizations(actor, **wanted, after=after, limit=PAGE + 1)  # type: ignore[arg-type]
    return render_template(
        "organizations/index.html",
        page=page_of(rows, after),
        count=count_organizations(actor, **wanted),  # type: ignore[arg-type]
        wanted=wanted,
        kinds=choices(OrganizationKind, _("All kinds")),
        places=list_places(actor.place),
        grades=GRADES,
        filtered=any(wanted.values()),
    )


@bp.get("/organizations/names")
@requires(P.ORGANIZATION_VIEW)
def names() -> str:
    """Options for a field in which the name of an organization is being typed."""
    typed = listing.words(listing.words("field") or "q")
    found = list_organization_names(current_actor(), typed) if typed else []
    return render_template("organizations/_names.html", names=found)


@bp.get("/organizations/<int:organization_id>")
@requires(P.ORGANIZATION_VIEW)
def show(organization_id: int) -> str:
    """One organization."""
    actor = current_actor()
    organization = get_organization(actor, organization_id)
    return render_template(
        "organizations/show.html",
        organization=organization,
        children=list_children(actor, organization.id),
        people=count_people(actor, employer_id=organization.id),
        is_institution=organization.kind is OrganizationKind.INSTITUTION,
    )


@bp.route("/organizations/new", methods=["GET", "POST"])
@requires(P.ORGANIZATION_EDIT)
def new() -> Page:
    """Register an organization."""
    actor = current_actor()
    form = NewOrganizationForm(list_places(actor.place))
    if request.method != "POST":
        return _new_page(form), 200
    if form.validate():
        kind = OrganizationKind(form.kind.data)
        try:
            made = once(
                actor, form.key.data, lambda: add_organization(actor, kind, form.values()).id
            )
            flash(_("The organization was registered."))
            return redirect(url_for("organizations.show", organization_id=int(made)))
        except Refused as refusal:
            form.refuse(refusal)
    return _new_page(form), 422


def _new_page(form: NewOrganizationForm) -> str:
    return render_template("organizations/new.html", form=form)


@bp.route("/organizations/<int:organization_id>/edit", methods=["GET", "POST"])
@requires(P.ORGANIZATION_EDIT)
def edit(organization_id: int) -> Page:
    """Change an organization."""
    actor = current_actor()
    organization = get_organization(actor, organization_id)
    form = OrganizationForm(
        list_places(actor.place),
        data={**organization_values(organization), "version": organization.version},
    )
    if request.method != "POST":
        return _edit_page(form, organization), 200
    if form.validate():
        try:
            with transaction():
                edit_organization(actor, organization_id, form.version.data, form.values())
            flash(_("The changes were saved."))
            return redirect(url_for("organizations.show", organization_id=organization_id))
        except Refused as refusal:
            form.refuse(refusal)
        except StaleEdit as stale:
            now = confront(form, stale.current.version, organization_values(stale.current))
            return _edit_page(form, stale.current, now), 409
    return _edit_page(form, get_organization(actor, organization_id)), 422


def _edit_page(
    form: OrganizationForm,
    organization: Organization,
    differences: list[Difference] | None = None,
) -> str:
    return render_template(
        "organizations/edit.html", form=form, organization=organization, differences=differences
    )
