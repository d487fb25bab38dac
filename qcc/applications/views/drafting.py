"""The applicant's pages: each part of the application, submission, withdrawal."""

from collections.abc import Callable
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.applications.forms import (
    AnswerForm,
    ApplicationForm,
    EditOfficerForm,
    FileForm,
    OfficerForm,
    ReasonForm,
    SectionForm,
    SubmitForm,
    as_choice,
)
from qcc.applications.queries import get_answer, get_officer, list_remarks
from qcc.applications.sections import SECTION_BY_KEY, SECTIONS, EligibilityItem
from qcc.applications.services import deciding, drafting
from qcc.applications.views import bp
from qcc.applications.views.reading import whole_page
from qcc.infra import clock
from qcc.infra.access import current_actor, requires
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.infra.templating import as_moment
from qcc.kernel.permissions import Permission as P

Answer = str | tuple[str, int] | Response


def _is_autosave() -> bool:
    return "X-Autosave" in request.headers


def _saved(version: int) -> Response:
    """The answer to an autosave: when, and the version to go on from."""
    text = _("Saved at %(time)s", time=as_moment(clock.now())[-5:])
    return jsonify(text=text, version=version)


def _editable_page(code: str) -> dict[str, Any]:
    page = whole_page(code)
    if not page["is_editable"]:
        raise NotFound
    return page


def _remark_at(page: dict[str, Any], part: str) -> str:
    """What the last return asks to be corrected at a part."""
    application = page["application"]
    if application.state.value != "returned":
        return ""
    remarks = list_remarks(application.id)
    last = remarks[0].round if remarks else 0
    return "；".join(r.text for r in remarks if r.round == last and r.part == part)


def _save(form: Any, act: Callable[[], Any], then: str) -> Answer | None:
    """Save a part. On success the answer; on a conflict the form says what stands there now and
    keeps what was typed; on refusal the form carries the sentence. None: draw the form again."""
    if not form.validate_on_submit():
        return ("", 422) if _is_autosave() and form.is_submitted() else None
    try:
        with transaction():
            row = act()
            version = row.version
    except StaleEdit as stale:
        if _is_autosave():
            return "", 409
        form.theirs = stale.current
        form.version.data = stale.current.version
        form.version.raw_data = None
        return None
    except Refused as refusal:
        if _is_autosave():
            return "", 422
        form.refuse(refusal)
        return None
    return _saved(version) if _is_autosave() else redirect(then)


def _status(form: Any) -> int:
    if getattr(form, "theirs", None) is not None:
        return 409
    return 422 if form.errors else 200


@bp.route("/applications/<code>/form", methods=["GET", "POST"])
@requires(P.APPLICATION_EDIT)
def edit_form(code: str) -> Answer:
    """The cells of the statutory form."""
    actor, page = current_actor(), _editable_page(code)
    application = page["application"]
    form = ApplicationForm(obj=application)
    if request.method == "GET":
        form.is_national_center_host.data = as_choice(application.is_national_center_host)
        form.is_national_center_lead.data = as_choice(application.is_national_center_lead)
    answer = _save(
        form,
        lambda: drafting.save_form(actor, code, form.version.data, form.values),
        url_for("applications.show", code=code),
    )
    if answer is not None:
        return answer
    html = render_template(
        "applications/edit_form.html", **page, form=form, remark=_remark_at(page, "form")
    )
    return html, _status(form)


@bp.route("/applications/<code>/report/<key>", methods=["GET", "POST"])
@requires(P.APPLICATION_EDIT)
def edit_section(code: str, key: str) -> Answer:
    """One section of the feasibility report."""
    if key not in SECTION_BY_KEY:
        raise NotFound
    actor, page = current_actor(), _editable_page(code)
    row = next(s for s in page["application"].sections if s.key == key)
    form = SectionForm(obj=row)
    answer = _save(
        form,
        lambda: drafting.save_section(actor, code, key, form.version.data, form.text.data or ""),
        _next_section(code, key),
    )
    if answer is not None:
        return answer
    html = render_template(
        "applications/edit_section.html",
        **page,
        form=form,
        section=SECTION_BY_KEY[key],
        position=[s.key for s in SECTIONS].index(key) + 1,
        remark=_remark_at(page, key),
        file_form=FileForm(formdata=None),
    )
    return html, _status(form)


def _next_section(code: str, key: str) -> str:
    """After a section the next one, after the last the task list."""
    keys = [section.key for section in SECTIONS]
    following = keys[keys.index(key) + 1 : keys.index(key) + 2]
    if following and request.form.get("then") == "next":
        return url_for("applications.edit_section", code=code, key=following[0])
    return url_for("applications.show", code=code)


@bp.route("/applications/<code>/conditions/<item>", methods=["GET", "POST"])
@requires(P.APPLICATION_EDIT)
def edit_answer(code: str, item: str) -> Answer:
    """What is declared for one condition, with its evidence."""
    actor, page = current_actor(), _editable_page(code)
    row = get_answer(page["application"], item)
    form = AnswerForm(obj=row)
    answer = _save(
        form,
        lambda: drafting.save_answer(
            actor, code, item, form.version.data, form.declared.data, form.statement.data or ""
        ),
        url_for("applications.show", code=code),
    )
    if answer is not None:
        return answer
    condition = EligibilityItem(item)
    html = render_template(
        "applications/edit_answer.html",
        **page,
        form=form,
        condition=condition,
        limit=page["book"][condition.rule_id],
        remark=_remark_at(page, item),
        file_form=FileForm(formdata=None),
    )
    return html, _status(form)


@bp.get("/applications/<code>/officers")
@requires(P.APPLICATION_EDIT)
def officers(code: str) -> Answer:
    """The proposed officers, and what the rules say of them so far."""
    page = _editable_page(code)
    findings = [
        finding
        for finding in deciding.findings_at_submission(page["application"])
        if finding.rule.startswith("officers.")
    ]
    return render_template(
        "applications/officers.html", **page, findings=findings, remark=_remark_at(page, "officers")
    )


@bp.route("/applications/<code>/officers/new", methods=["GET", "POST"])
@requires(P.APPLICATION_EDIT)
def new_officer(code: str) -> Answer:
    """Propose a person for a post."""
    actor, page = current_actor(), _editable_page(code)
    form = OfficerForm()
    if request.method == "GET":
        form.post.data = request.args.get("post")
        form.employer.data = page["application"].institution.name
    if form.validate_on_submit():
        try:
            once(
                actor,
                form.key.data,
                lambda: drafting.add_officer(actor, code, form.employer.data or "", form.values).id,
            )
            return redirect(url_for("applications.officers", code=code))
        except Refused as refusal:
            form.refuse(refusal)
    html = render_template("applications/edit_officer.html", **page, form=form, officer=None)
    return html, _status(form)


@bp.route("/applications/<code>/officers/<officer_code>", methods=["GET", "POST"])
@requires(P.APPLICATION_EDIT)
def edit_officer(code: str, officer_code: str) -> Answer:
    """Change what is said about a proposed person."""
    actor, page = current_actor(), _editable_page(code)
    officer = get_officer(page["application"], officer_code)
    form = EditOfficerForm(obj=officer)
    if request.method == "GET":
        form.employer.data = officer.employer.name if officer.employer else ""
        form.post.data, form.host_position.data = officer.post.value, officer.host_position.value
    answer = _save(
        form,
        lambda: drafting.edit_officer(
            actor, code, officer_code, form.version.data, form.employer.data or "", form.values
        ),
        url_for("applications.officers", code=code),
    )
    if answer is not None:
        return answer
    html = render_template("applications/edit_officer.html", **page, form=form, officer=officer)
    return html, _status(form)


@bp.post("/applications/<code>/officers/<officer_code>/remove")
@requires(P.APPLICATION_EDIT)
def remove_officer(code: str, officer_code: str) -> Answer:
    """Take a proposed person off the list."""
    with transaction():
        drafting.remove_officer(current_actor(), code, officer_code)
    return redirect(url_for("applications.officers", code=code))


def _page_of_part(code: str, part: str) -> str:
    if part in SECTION_BY_KEY:
        return url_for("applications.edit_section", code=code, key=part)
    if part in set(EligibilityItem):
        return url_for("applications.edit_answer", code=code, item=part)
    return url_for("applications.show", code=code)


@bp.post("/applications/<code>/parts/<part>/files")
@requires(P.APPLICATION_EDIT)
def attach(code: str, part: str) -> Answer:
    """Attach a file to a part."""
    actor, form = current_actor(), FileForm()
    if form.validate_on_submit():
        upload = form.file.data
        data, name = upload.read(), upload.filename or ""
        try:
            once(
                actor,
                form.key.data,
                lambda: drafting.attach_file(actor, code, part, data, name).code,
            )
            flash(_("%(name)s was attached.", name=name), "done")
        except Refused as refusal:
            flash(str(refusal.message), "error")
    else:
        flash(_("Choose a file."), "error")
    return redirect(_page_of_part(code, part))


@bp.post("/applications/<code>/files/<file_code>/remove")
@requires(P.APPLICATION_EDIT)
def remove_file(code: str, file_code: str) -> Answer:
    """Take a file off a part."""
    with transaction():
        part = drafting.remove_file(current_actor(), code, file_code)
    return redirect(_page_of_part(code, part))


@bp.post("/applications/<code>/submit")
@requires(P.APPLICATION_EDIT)
def submit(code: str) -> Answer:
    """Submit what the check page showed."""
    actor, form = current_actor(), SubmitForm()
    if not form.validate_on_submit():
        flash(_("Confirm that what is stated is true and complete."), "error")
        return redirect(url_for("applications.review", code=code))
    key = request.form.get("key", "")
    try:
        once(actor, key, lambda: deciding.submit(actor, code, form.seen.data or "").id)
    except StaleEdit:
        flash(_("The application was changed after you looked at it. Check it once more."), "error")
        return redirect(url_for("applications.review", code=code))
    return redirect(url_for("applications.receipt", code=code))


@bp.route("/applications/<code>/withdraw", methods=["GET", "POST"])
@requires(P.APPLICATION_EDIT)
def withdraw(code: str) -> Answer:
    """Withdraw the application, after the consequence was read."""
    page, form = whole_page(code), ReasonForm()
    if not page["is_applicant"] or "withdraw" not in page["actions"]:
        raise NotFound
    if form.validate_on_submit():
        with transaction():
            deciding.withdraw(current_actor(), code, form.reason.data)
        flash(_("The application was withdrawn."), "done")
        return redirect(url_for("applications.show", code=code))
    return render_template("applications/withdraw.html", **page, form=form), _status(form)
