"""The parts of an application that the applicant writes: form, report, conditions."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.applications import services
from qcc.applications.forms import (
    AnswerForm,
    ApplicationForm,
    FileForm,
    SectionForm,
    as_choice,
)
from qcc.applications.models import Application
from qcc.applications.queries import get_answer, list_remarks
from qcc.applications.sections import SECTION_BY_KEY, SECTIONS, EligibilityItem
from qcc.applications.views import bp
from qcc.applications.views.reading import whole_page
from qcc.applications.workflow import WITH_APPLICANT, ApplicationState
from qcc.infra import clock
from qcc.infra.access import current_actor, requires
from qcc.infra.conflicts import confront
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _
from qcc.infra.templating import as_moment
from qcc.kernel.permissions import Permission as P

Answer = str | tuple[str, int] | Response


def is_autosave() -> bool:
    """Whether a form saves itself while it is being filled in."""
    return "X-Autosave" in request.headers


def _saved(version: int) -> Response:
    """The answer to an autosave: when, and the version to go on from."""
    text = _("Saved at %(time)s", time=as_moment(clock.now()))
    return jsonify(text=text, version=version)


def editable_page(code: str) -> dict[str, Any]:
    """What a page for the applicant shows; raises NotFound, or Refused for what is sent after the
    application left the applicant's hands."""
    page = whole_page(code)
    if not page["is_applicant"]:
        raise NotFound
    if page["application"].state not in WITH_APPLICANT:
        if request.method == "POST":
            raise Refused(services.NOT_EDITABLE)
        raise NotFound
    return page


def remark_at(page: Mapping[str, Any], part: str) -> str:
    """What the last return asks to be corrected at a part."""
    application = page["application"]
    if application.state is not ApplicationState.RETURNED:
        return ""
    remarks = list_remarks(application.id)
    last = remarks[0].round if remarks else 0
    return "；".join(r.text for r in remarks if r.round == last and r.part == part)


def save(
    form: Any,
    act: Callable[[], Any],
    then: str,
    values_of: Callable[[Any], Mapping[str, Any]],
) -> Answer | None:
    """Save a part. On success the answer; on a conflict the form says what stands there now (the
    row's *values_of*, by field) and keeps what was typed; on refusal the form carries the sentence.
    None: draw the form again."""
    if not form.validate_on_submit():
        return ("", 422) if is_autosave() and form.is_submitted() else None
    try:
        with transaction():
            version = act().version
    except StaleEdit as stale:
        version = stale.current.version
        form.theirs = confront(form, version, values_of(stale.current))
        # What stands there is what was typed: an earlier save whose answer never arrived.
        if form.theirs:
            return ("", 409) if is_autosave() else None
    except Refused as refusal:
        if is_autosave():
            return "", 422
        form.refuse(refusal)
        return None
    return _saved(version) if is_autosave() else redirect(then)


def status(form: Any) -> int:
    """409 for a conflict, 422 for errors, else 200."""
    if getattr(form, "theirs", None) is not None:
        return 409
    return 422 if form.errors else 200


def _form_values(application: Application) -> dict[str, Any]:
    return {
        "legal_representative": application.legal_representative,
        "is_national_center_host": as_choice(application.is_national_center_host),
        "is_national_center_lead": as_choice(application.is_national_center_lead),
        "reason": application.reason,
    }


@bp.route("/applications/<code>/form", methods=["GET", "POST"])
@requires(P.APPLICATION_EDIT)
def edit_form(code: str) -> Answer:
    """The cells of the statutory form."""
    actor, page = current_actor(), editable_page(code)
    application = page["application"]
    form = ApplicationForm(data={**_form_values(application), "version": application.version})
    answer = save(
        form,
        lambda: services.save_form(actor, code, form.version.data, form.values),
        url_for("applications.show", code=code),
        _form_values,
    )
    if answer is not None:
        return answer
    html = render_template(
        "applications/edit_form.html", **page, form=form, remark=remark_at(page, "form")
    )
    return html, status(form)


@bp.route("/applications/<code>/report/<key>", methods=["GET", "POST"])
@requires(P.APPLICATION_EDIT)
def edit_section(code: str, key: str) -> Answer:
    """One section of the feasibility report."""
    if key not in SECTION_BY_KEY:
        raise NotFound
    actor, page = current_actor(), editable_page(code)
    row = next(s for s in page["application"].sections if s.key == key)
    form = SectionForm(obj=row)
    answer = save(
        form,
        lambda: services.save_section(actor, code, key, form.version.data, form.text.data or ""),
        _next_section(code, key),
        lambda row: {"text": row.text},
    )
    if answer is not None:
        return answer
    html = render_template(
        "applications/edit_section.html",
        **page,
        form=form,
        section=SECTION_BY_KEY[key],
        position=[s.key for s in SECTIONS].index(key) + 1,
        remark=remark_at(page, key),
        file_form=FileForm(formdata=None),
    )
    return html, status(form)


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
    actor, page = current_actor(), editable_page(code)
    row = get_answer(page["application"], item)
    if row.item not in page["items"]:
        raise NotFound
    form = AnswerForm(obj=row)
    answer = save(
        form,
        lambda: services.save_answer(
            actor, code, item, form.version.data, form.declared.data, form.statement.data or ""
        ),
        url_for("applications.show", code=code),
        lambda row: {"declared": row.declared, "statement": row.statement},
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
        remark=remark_at(page, item),
        file_form=FileForm(formdata=None),
    )
    return html, status(form)
