"""Yearly documents: those of a year, writing one section after the other, handing in, receiving."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for

from qcc.evaluations.document_forms import (
    BeginForm,
    ReturnForm,
    SectionForm,
    StepForm,
    section_form,
)
from qcc.evaluations.document_labels import COLUMN_WORDS, SECTION_WORDS
from qcc.evaluations.models import AnnualDocument, DocumentSection
from qcc.evaluations.permissions import AUTHORITIES, CENTER_ROLES
from qcc.evaluations.queries.documents import demand_of, get_document, list_document_rows
from qcc.evaluations.rules.documents import (
    SECTIONS,
    DocumentKind,
    Section,
    budget_of,
    unwritten,
)
from qcc.evaluations.services import documents
from qcc.evaluations.services.documents import title_of
from qcc.evaluations.views.acting import succeeds
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.evaluations.workflow import DOCUMENT, WRITTEN
from qcc.infra import clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.conflicts import Difference, confront
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.forms import Form
from qcc.infra.i18n import _
from qcc.infra.templating import PAGE, as_moment, page_of
from qcc.infra.transitions import history
from qcc.kernel.permissions import Permission as P

FIRST_YEAR = 2021
"""The year of the Measures: nothing is asked of earlier ones."""


@bp.get("/annual")
@requires(P.ANNUAL_VIEW)
def annual() -> Answer:
    """What the centers in scope owe at the end of a year, and how it stands."""
    actor, this = current_actor(), clock.today().year
    year, after = request.args.get("year", this, type=int), listing.after()
    year = year if FIRST_YEAR <= year <= this else this
    rows = list_document_rows(
        actor,
        year,
        clock.today(),
        only_own_level=actor.role in AUTHORITIES and "all" not in request.args,
        only_wanting="wanting" in request.args,
        after=after,
        limit=PAGE + 1,
    )
    return render_template(
        "evaluations/documents/index.html",
        page=page_of(rows, after),
        year=year,
        years=range(this, FIRST_YEAR - 1, -1),
        kinds=list(DocumentKind),
        writes=actor.role in CENTER_ROLES,
        all_levels="all" in request.args,
        wanting="wanting" in request.args,
    )


@bp.post("/annual/begin")
@requires(P.ANNUAL_EDIT)
def begin_document() -> Answer:
    """Begin a document, or go on with it."""
    actor, form = current_actor(), BeginForm()
    if not form.validate_on_submit():
        raise NotFound
    try:
        with transaction():
            kind = DocumentKind(form.kind.data)
            code = documents.begin_document(actor, kind, form.year.data).code
    except Refused as refusal:
        flash(str(refusal.message), "error")
        return redirect(url_for("evaluations.annual"))
    return redirect(url_for("evaluations.document", code=code))


@bp.get("/annual/<code>")
@requires(P.ANNUAL_VIEW)
def document(code: str) -> Answer:
    """One document: its sections, its state, its steps."""
    return _show(code)


def _show(code: str, status: int = 200, **more: Any) -> tuple[str, int]:
    actor, today = current_actor(), clock.today()
    found = get_document(actor, code)
    own = actor.role in CENTER_ROLES
    receives = actor.role in AUTHORITIES and actor.place == found.center.place
    possible = DOCUMENT.possible(found.state, actor.permissions) if own or receives else []
    demand = demand_of(found.center.place, found.year, today)
    contents = found.written if own else found.submitted
    page = {
        "document": found,
        "title": title_of(found),
        "contents": contents,
        "parts": SECTIONS[found.kind],
        "unwritten": unwritten(found.kind, contents),
        "is_writing": own and found.state in WRITTEN,
        "actions": {t.action for t in possible},
        "due_on": demand.due_on if demand else None,
        "is_late": bool(demand and found.counted_on and found.counted_on > demand.due_on),
        "budget": budget_of(contents.get("budget", {}).get("rows", ())),
        "steps": history(DOCUMENT, found.id),
        "section_words": SECTION_WORDS,
        "column_words": COLUMN_WORDS,
        "return_form": ReturnForm(formdata=None),
        "failed": None,
        **more,
    }
    return render_template("evaluations/documents/show.html", **page), status


# --- writing ---


def _differences(
    form: SectionForm, part: Section, version: int, theirs: Mapping[str, Any]
) -> list[Difference]:
    """Both versions of a section, for the second of two writers."""
    if not part.columns:
        return confront(form, version, {"text": theirs.get("text", "")})
    form.version.raw_data, form.version.data = None, version
    lines = [
        "\n".join(" · ".join(row.values()) for row in content.get("rows", ())) or "—"
        for content in (theirs, form.content)
    ]
    return [] if lines[0] == lines[1] else [Difference(SECTION_WORDS[part.name], *lines)]


def _section_page(
    found: AnnualDocument, part: Section, form: SectionForm, saved_at: Any, status: int
) -> tuple[str, int]:
    page = render_template(
        "evaluations/documents/section.html",
        document=found,
        title=title_of(found),
        part=part,
        form=form,
        theirs=getattr(form, "theirs", None),
        saved_at=saved_at,
        section_words=SECTION_WORDS,
        column_words=COLUMN_WORDS,
    )
    return page, status


@bp.route("/annual/<code>/sections/<name>", methods=["GET", "POST"])
@requires(P.ANNUAL_EDIT)
def document_section(code: str, name: str) -> Answer:
    """One section, saved while it is typed. Of two writers the second sees both versions."""
    actor = current_actor()
    found = get_document(actor, code)
    part = documents.find_part(found, name)
    stands = next((each for each in found.sections if each.name == name), None)
    saved_at = stands.saved_at if stands else None
    if request.method == "GET":
        if found.state not in WRITTEN:
            raise NotFound
        content, version = (stands.content, stands.version) if stands else ({}, 0)
        return _section_page(found, part, section_form(part, content, version), saved_at, 200)
    form, is_autosave = section_form(part, None, 0), "X-Autosave" in request.headers
    if not form.validate_on_submit():
        return ("", 422) if is_autosave else _section_page(found, part, form, saved_at, 422)
    try:
        with transaction():
            version = documents.save_section(
                actor, code, name, form.version.data, form.content
            ).version
    except StaleEdit as stale:
        current: DocumentSection = stale.current
        version, saved_at = current.version, current.saved_at
        form.theirs = _differences(form, part, version, current.content)
        if form.theirs:
            page = _section_page(get_document(actor, code), part, form, saved_at, 409)
            return ("", 409) if is_autosave else page
    if is_autosave:
        text = _("Saved at %(time)s", time=as_moment(clock.now()))
        return jsonify(text=text, version=version)
    if "more" in request.form:
        return redirect(url_for("evaluations.document_section", code=code, name=name))
    return redirect(url_for("evaluations.document", code=code))


# --- handing in, receiving ---


TYPED = {"correction_lies_ahead": "correct_by"}
"""Conditions about what is typed, and the field of each."""


def _act(code: str, form: Form, step: Callable[[], Any], done: Any, name: str = "") -> Answer:
    if succeeds(form, step, done, TYPED):
        return redirect(url_for("evaluations.document", code=code))
    return _show(code, 422, failed=form, **({name: form} if name else {}))


@bp.post("/annual/<code>/submit")
@requires(P.ANNUAL_SUBMIT)
def submit_document(code: str) -> Answer:
    """The director hands the document in."""
    actor, form = current_actor(), StepForm()
    done = _("The document was submitted to the commission.")
    return _act(code, form, lambda: documents.submit_document(actor, code, form.version.data), done)


@bp.post("/annual/<code>/acknowledge")
@requires(P.ANNUAL_RECEIVE)
def acknowledge_document(code: str) -> Answer:
    """The document is received."""
    actor, form = current_actor(), StepForm()
    done = _("The document is acknowledged.")
    return _act(
        code, form, lambda: documents.acknowledge_document(actor, code, form.version.data), done
    )


@bp.post("/annual/<code>/return")
@requires(P.ANNUAL_RECEIVE)
def return_document(code: str) -> Answer:
    """The document goes back, with the reason."""
    actor, form = current_actor(), ReturnForm()
    return _act(
        code,
        form,
        lambda: documents.return_document(
            actor, code, form.version.data, form.reason.data, form.correct_by.data
        ),
        _("The document was returned to the center."),
        "return_form",
    )
