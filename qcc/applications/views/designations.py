"""Direct designations: the list, one designation, and what is written into its draft."""

from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from qcc.applications.designation_labels import HOLDERS, designation_words
from qcc.applications.designation_permissions import is_checker, is_issuer
from qcc.applications.forms import (
    DesignationForm,
    EditOfficerForm,
    FileForm,
    GroundsForm,
    OfficerForm,
)
from qcc.applications.models import DesignatedOfficer, Designation
from qcc.applications.queries.designations import (
    SUBJECT,
    get_designated,
    get_designation,
    list_designations,
    present_evidence,
)
from qcc.applications.services import designation_drafts as drafts
from qcc.applications.services.designating import moment_of_designation
from qcc.applications.services.designation_facts import edition_of, findings_on_designation
from qcc.applications.views import bp
from qcc.applications.views.calls import callable_centers
from qcc.applications.views.officers import values_of
from qcc.applications.views.parts import save, status
from qcc.applications.workflow.designation import DESIGNATION, UNDER_WAY, DesignationState
from qcc.centers.rules import OfficerPost
from qcc.infra import audit, files, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import MEDIA_TYPES, StoredFile
from qcc.infra.i18n import _
from qcc.infra.idempotency import find_outcome, new_key, once
from qcc.infra.papers import list_papers_of
from qcc.infra.templating import PAGE, page_of
from qcc.infra.transitions import history
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P

Answer = str | tuple[str, int] | Response


@bp.get("/designations")
@requires(P.APPLICATION_VIEW)
def designations() -> Answer:
    """The designations that the reader may see."""
    actor = current_actor()
    after, center_id = listing.key("after"), listing.key("center")
    rows = list_designations(actor, center_id=center_id, after=after, limit=PAGE + 1)
    return render_template(
        "applications/designations.html",
        page=page_of(rows, after),
        may_start=actor.may(P.CALL_EDIT),
    )


@bp.route("/designations/new", methods=["GET", "POST"])
@requires(P.CALL_EDIT)
def new_designation() -> Answer:
    """Begin a designation; sent a second time, it leads to the one that was begun."""
    actor = current_actor()
    begun = find_outcome(actor, request.form.get("key", ""))
    if begun:
        return redirect(url_for("applications.designation", code=begun))
    centers = callable_centers(actor)
    form = DesignationForm()
    form.center_id.choices = [(center.id, center.name) for center in centers]
    if request.method == "GET":
        form.center_id.data = request.args.get("center", type=int)
    if form.validate_on_submit():
        try:
            code = once(
                actor,
                form.key.data,
                lambda: (
                    drafts.start_designation(actor, form.center_id.data, form.institution.data).code
                ),
            )
            return redirect(url_for("applications.designation", code=code))
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("applications/new_designation.html", form=form, centers=centers)
    return page, status(form)


def designation_page(code: str) -> dict[str, Any]:
    """What every page of one designation shows."""
    actor = current_actor()
    found = get_designation(actor, code)
    book = edition_of(found)
    under_way = found.state in UNDER_WAY
    own = is_issuer(actor, found)
    return {
        "designation": found,
        "book": book,
        "limit": book["designation.ground"],
        "evidence": present_evidence(found),
        "holder": HOLDERS[found.state],
        "officers": sorted(found.officers, key=lambda o: list(OfficerPost).index(o.post)),
        "findings": findings_on_designation(found) if under_way else [],
        "under_way": under_way,
        "is_issuer": own,
        "is_editable": own and found.state is DesignationState.DRAFT,
        "actions": _actions(actor, found),
        "papers": list_papers_of(SUBJECT, found.id),
        "steps": history(DESIGNATION, found.id) if _is_authority(actor) else [],
        "words": designation_words,
        "key": new_key(),
    }


def _is_authority(actor: Actor) -> bool:
    """What the authorities say to each other is not for the institution."""
    return actor.may(P.APPLICATION_CHECK)


def _actions(actor: Actor, found: Designation) -> dict[str, str | None]:
    """The steps that are the reader's now: action → the condition that stands against it."""
    facts = moment_of_designation(found, actor)
    mine = {
        P.CALL_EDIT: is_issuer(actor, found),
        P.APPLICATION_DECIDE: is_issuer(actor, found),
        P.APPLICATION_CHECK: is_checker(actor, found),
    }
    return {
        step.action: DESIGNATION.failed_guard(step, facts)
        for step in DESIGNATION.possible(found.state, actor.permissions)
        if mine[step.may]
    }


def draft_page(code: str) -> dict[str, Any]:
    """What a page for editing shows; raises NotFound, or Refused for what is sent too late."""
    page = designation_page(code)
    if not page["is_issuer"]:
        raise NotFound
    if not page["is_editable"]:
        if request.method == "POST":
            raise Refused(drafts.NOT_A_DRAFT)
        raise NotFound
    return page


@bp.route("/designations/<code>/grounds", methods=["GET", "POST"])
@requires(P.CALL_EDIT)
def edit_grounds(code: str) -> Answer:
    """On which grounds the institution is designated, and why in words."""
    actor, page = current_actor(), draft_page(code)
    found = page["designation"]
    form = GroundsForm(
        data={"grounds": found.grounds, "reason": found.reason, "version": found.version}
    )
    form.grounds.choices = list(page["limit"].words.items())
    answer = save(
        form,
        lambda: drafts.save_grounds(
            actor, code, form.version.data, form.grounds.data or [], form.reason.data
        ),
        url_for("applications.designation", code=code, _anchor="grounds"),
        lambda row: {"grounds": row.grounds, "reason": row.reason},
    )
    if answer is not None:
        return answer
    return render_template("applications/edit_grounds.html", **page, form=form), status(form)


@bp.post("/designations/<code>/grounds/<ground>/files")
@requires(P.CALL_EDIT)
def attach_evidence(code: str, ground: str) -> Answer:
    """Attach evidence of one ground."""
    actor, form = current_actor(), FileForm()
    draft_page(code)
    if form.validate_on_submit():
        upload = form.file.data
        data, name = upload.read(), upload.filename or ""
        try:
            once(
                actor,
                form.key.data,
                lambda: drafts.attach_evidence(actor, code, ground, data, name).code,
            )
            flash(_("%(name)s was attached.", name=name), "done")
        except Refused as refusal:
            flash(str(refusal.message), "error")
    else:
        flash(_("Choose a file."), "error")
    return redirect(url_for("applications.designation", code=code, _anchor="grounds"))


@bp.post("/designations/<code>/files/<file_code>/remove")
@requires(P.CALL_EDIT)
def remove_evidence(code: str, file_code: str) -> Answer:
    """Take a file off the evidence."""
    with transaction():
        drafts.remove_evidence(current_actor(), code, file_code)
    return redirect(url_for("applications.designation", code=code, _anchor="grounds"))


@bp.route("/designations/<code>/officers/new", methods=["GET", "POST"])
@requires(P.CALL_EDIT)
def new_designated(code: str) -> Answer:
    """Name a person for a post."""
    actor, page = current_actor(), draft_page(code)
    form = OfficerForm()
    if request.method == "GET":
        form.post.data = request.args.get("post")
        form.employer.data = page["designation"].institution.name
    if form.validate_on_submit():
        try:
            once(
                actor,
                form.key.data,
                lambda: (
                    drafts.add_designated_officer(
                        actor, code, form.employer.data or "", form.values
                    ).id
                ),
            )
            return redirect(url_for("applications.designation", code=code, _anchor="officers"))
        except Refused as refusal:
            form.refuse(refusal)
    html = render_template("applications/edit_designated.html", **page, form=form, officer=None)
    return html, status(form)


@bp.route("/designations/<code>/officers/<officer_code>", methods=["GET", "POST"])
@requires(P.CALL_EDIT)
def edit_designated(code: str, officer_code: str) -> Answer:
    """Change what is said about a person."""
    actor, page = current_actor(), draft_page(code)
    officer = get_designated(page["designation"], officer_code)
    form = EditOfficerForm(data={**values_of(officer), "version": officer.version})

    def edit() -> DesignatedOfficer:
        return drafts.edit_designated_officer(
            actor, code, officer_code, form.version.data, form.employer.data or "", form.values
        )

    to = url_for("applications.designation", code=code, _anchor="officers")
    answer = save(form, edit, to, values_of)
    if answer is not None:
        return answer
    html = render_template("applications/edit_designated.html", **page, form=form, officer=officer)
    return html, status(form)


@bp.post("/designations/<code>/officers/<officer_code>/remove")
@requires(P.CALL_EDIT)
def remove_designated(code: str, officer_code: str) -> Answer:
    """Take a person off the list."""
    with transaction():
        drafts.remove_designated_officer(current_actor(), code, officer_code)
    return redirect(url_for("applications.designation", code=code, _anchor="officers"))


@bp.get("/designations/<code>/papers")
@requires(P.APPLICATION_VIEW)
def designation_papers(code: str) -> Answer:
    """The list of papers alone, for a page that waits until one is made."""
    return render_template("applications/_designation_papers.html", **designation_page(code))


@bp.get("/designations/<code>/files/<file_code>")
@requires(P.APPLICATION_CHECK)
def evidence(code: str, file_code: str) -> Answer:
    """Download evidence of a ground: the authorities, also what was removed later."""
    actor = current_actor()
    found = get_designation(actor, code)
    for file in found.files:
        if file.code == file_code:
            return _sent(actor, file.file, found.id)
    raise NotFound


def _sent(actor: Actor, stored: StoredFile, designation_id: int) -> Response:
    """The bytes as an attachment with their fixed type; the download is in the audit."""
    data, name, media = files.read(stored), stored.name, MEDIA_TYPES[stored.kind]
    with transaction():
        audit.record(
            actor,
            "designation.file_read",
            SUBJECT,
            designation_id,
            {"name": name, "sha256": stored.sha256},
        )
    return send_file(BytesIO(data), mimetype=media, as_attachment=True, download_name=name)
