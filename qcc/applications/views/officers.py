"""The persons whom the applicant proposes for the posts of the center."""

from typing import Any

from flask import redirect, render_template, request, url_for

from qcc.applications import services
from qcc.applications.forms import EditOfficerForm, OfficerForm
from qcc.applications.models import DesignatedOfficer, ProposedOfficer
from qcc.applications.queries import get_officer
from qcc.applications.views import bp
from qcc.applications.views.parts import Answer, editable_page, remark_at, save, status
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.idempotency import once
from qcc.kernel.permissions import Permission as P


def values_of(officer: ProposedOfficer | DesignatedOfficer) -> dict[str, Any]:
    """What the form shows of a proposed person."""
    same = (
        "name", "birth_date", "job", "title", "area_in_charge", "specialty", "ability",
        "is_discipline_leader", "in_host_discipline", "is_specialist",
    )  # fmt: skip
    return {
        "post": officer.post.value,
        "employer": officer.employer.name if officer.employer else "",
        "host_position": officer.host_position.value,
        **{name: getattr(officer, name) for name in same},
    }


@bp.get("/applications/<code>/officers")
@requires(P.APPLICATION_EDIT)
def officers(code: str) -> Answer:
    """The proposed officers, and what the rules say of them so far."""
    page = editable_page(code)
    findings = [
        finding
        for finding in services.findings_at_submission(page["application"])
        if finding.rule.startswith("officers.")
    ]
    return render_template(
        "applications/officers.html", **page, findings=findings, remark=remark_at(page, "officers")
    )


@bp.route("/applications/<code>/officers/new", methods=["GET", "POST"])
@requires(P.APPLICATION_EDIT)
def new_officer(code: str) -> Answer:
    """Propose a person for a post."""
    actor, page = current_actor(), editable_page(code)
    form = OfficerForm()
    if request.method == "GET":
        form.post.data = request.args.get("post")
        form.employer.data = page["application"].institution.name
    if form.validate_on_submit():
        try:
            once(
                actor,
                form.key.data,
                lambda: services.add_officer(actor, code, form.employer.data or "", form.values).id,
            )
            return redirect(url_for("applications.officers", code=code))
        except Refused as refusal:
            form.refuse(refusal)
    html = render_template("applications/edit_officer.html", **page, form=form, officer=None)
    return html, status(form)


@bp.route("/applications/<code>/officers/<officer_code>", methods=["GET", "POST"])
@requires(P.APPLICATION_EDIT)
def edit_officer(code: str, officer_code: str) -> Answer:
    """Change what is said about a proposed person."""
    actor, page = current_actor(), editable_page(code)
    officer = get_officer(page["application"], officer_code)
    form = EditOfficerForm(data={**values_of(officer), "version": officer.version})
    answer = save(
        form,
        lambda: services.edit_officer(
            actor, code, officer_code, form.version.data, form.employer.data or "", form.values
        ),
        url_for("applications.officers", code=code),
        values_of,
    )
    if answer is not None:
        return answer
    html = render_template("applications/edit_officer.html", **page, form=form, officer=officer)
    return html, status(form)


@bp.post("/applications/<code>/officers/<officer_code>/remove")
@requires(P.APPLICATION_EDIT)
def remove_officer(code: str, officer_code: str) -> Answer:
    """Take a proposed person off the list."""
    with transaction():
        services.remove_officer(current_actor(), code, officer_code)
    return redirect(url_for("applications.officers", code=code))
