"""Experts: search, export, one expert, registering and correcting."""

from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for

from qcc.experts.forms import ConfirmBirthForm, EditExpertForm, ExpertForm, NumberForm
from qcc.experts.identity import masked
from qcc.experts.models import Expert
from qcc.experts.permissions import may_search_identity
from qcc.experts.queries import (
    ExpertFilter,
    count_experts,
    get_expert,
    is_expert_editable_by,
    list_employments,
    list_experts,
    list_memberships,
)
from qcc.experts.services.people import (
    confirm_birth_date,
    edit_expert,
    find_by_identity,
    register_expert,
)
from qcc.experts.views.blueprint import Answer, bp
from qcc.infra import audit, files, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.conflicts import confront
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.i18n import _, _l
from qcc.infra.idempotency import once
from qcc.infra.sealing import SealBroken, unseal
from qcc.infra.spreadsheets.export import write_table
from qcc.infra.templating import PAGE, page_of
from qcc.kernel.permissions import Permission as P
from qcc.organizations.models import Organization
from qcc.organizations.queries import find_organization_by_name, list_places
from qcc.regulations.titles import Rank

MOST_EXPORTED = 50_000


def _wanted() -> ExpertFilter:
    """What the search is narrowed to. An identity number is searched for by a form of its own."""

    def text(name: str, longest: int = 60) -> str:
        return request.values.get(name, "").strip()[:longest]

    return ExpertFilter(
        search=text("q"),
        employer=text("employer"),
        specialty=text("specialty"),
        rank=text("rank"),
        place=text("place", 6),
    )


@bp.get("/experts")
@requires(P.EXPERT_VIEW)
def index() -> Answer:
    """Search experts by name, pinyin, employer, specialty, rank, place."""
    return _list_page(NumberForm(formdata=None))


def _list_page(form: NumberForm) -> str:
    actor, wanted, after = current_actor(), _wanted(), listing.after()
    rows = list_experts(actor, wanted, after=after, limit=PAGE + 1)
    return render_template(
        "experts/index.html",
        page=page_of(rows, after),
        count=count_experts(actor, wanted),
        wanted=wanted,
        ranks=list(Rank),
        places=list_places(f"{actor.place[:2]}0000"),
        number_form=form,
        may_search_number=may_search_identity(actor),
    )


@bp.post("/experts/by-number")
@requires(P.EXPERT_VIEW)
def by_number() -> Answer:
    """The expert of an identity number, for those who may search by one."""
    actor, form = current_actor(), NumberForm()
    if not may_search_identity(actor):
        raise NotFound
    if form.validate_on_submit():
        try:
            with transaction():
                code = find_by_identity(actor, form.identity.data)
            if code:
                return redirect(url_for("experts.show", code=code))
            form.refuse(Refused(_("No expert of this number is registered."), "identity"))
        except Refused as refusal:
            form.refuse(refusal)
    return _list_page(form), 422


@bp.post("/experts/export")
@requires(P.EXPERT_EXPORT)
def export() -> Answer:
    """The found experts as a workbook, without identity numbers; logged."""
    actor, wanted = current_actor(), _wanted()
    rows = list_experts(actor, wanted, limit=MOST_EXPORTED)
    head = ["姓名", "工作单位", "职务", "职称", "职称级别", "从事专业", "从事本专业起始日期"]
    data = write_table(
        "专家名单",
        head,
        [
            (r.name, r.employer, r.post, r.title, r.rank, r.specialty, r.practised_since)
            for r in rows
        ],
    )
    with transaction():
        audit.record(actor, "experts.exported", "experts", "-",
                     {"count": len(rows), "filter": {"search": wanted.search,
                      "employer": wanted.employer, "specialty": wanted.specialty,
                      "rank": wanted.rank, "place": wanted.place}})  # fmt: skip
    return send_file(BytesIO(data), mimetype=MEDIA_TYPES["xlsx"], as_attachment=True,
                     download_name="专家名单.xlsx")  # fmt: skip


@bp.get("/experts/<code>")
@requires(P.EXPERT_VIEW)
def show(code: str) -> Answer:
    """One expert: particulars, employment, panels."""
    expert = get_expert(current_actor(), code)
    return render_template("experts/show.html", **_about(expert), form=ConfirmBirthForm(obj=expert))


def _about(expert: Expert) -> dict[str, Any]:
    actor = current_actor()
    return {
        "expert": expert,
        "identity": _masked(expert),
        "employments": list_employments(expert.person_id),
        "memberships": list_memberships(actor, expert.id),
        "may_confirm": expert.birth_entered_by != actor.person_id,
        "may_edit": actor.may(P.EXPERT_EDIT) and is_expert_editable_by(actor, expert),
    }


def _masked(expert: Expert) -> str:
    """The number as it is shown; one that was sealed with another key is not shown at all."""
    try:
        return masked(unseal(expert.identity_sealed)) if expert.identity_sealed else ""
    except SealBroken:
        return "*" * 18


def _employer(form: ExpertForm) -> Organization:
    found = find_organization_by_name((form.employer.data or "").strip())
    if found is None:
        raise Refused(
            _l("No organization of this name is registered. Write its full official name."),
            "employer",
        )
    return found


@bp.route("/experts/new", methods=["GET", "POST"])
@requires(P.EXPERT_EDIT)
def new() -> Answer:
    """Register an expert."""
    actor, form = current_actor(), ExpertForm()
    if form.validate_on_submit():
        try:
            code = once(
                actor,
                form.key.data,
                lambda: register_expert(actor, {**form.values, "employer": _employer(form)}).code,
            )
            return redirect(url_for("experts.show", code=code))
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("experts/edit.html", form=form, expert=None)
    return page, 422 if form.errors else 200


@bp.route("/experts/<code>/edit", methods=["GET", "POST"])
@requires(P.EXPERT_EDIT)
def edit(code: str) -> Answer:
    """Correct an expert's particulars."""
    actor = current_actor()
    expert = get_expert(actor, code)
    form = EditExpertForm(obj=expert)
    if request.method == "GET":
        _fill(form, expert)
    if form.validate_on_submit():
        try:
            with transaction():
                edit_expert(
                    actor, code, form.version.data, {**form.values, "employer": _employer(form)}
                )
            return redirect(url_for("experts.show", code=code))
        except Refused as refusal:
            form.refuse(refusal)
        except StaleEdit as stale:
            differences = confront(form, stale.current.version, _values(stale.current))
            page = render_template(
                "experts/edit.html", form=form, expert=expert, differences=differences
            )
            return page, 409
    page = render_template("experts/edit.html", form=form, expert=expert)
    return page, 422 if form.errors else 200


def _fill(form: EditExpertForm, expert: Expert) -> None:
    for field, value in _values(expert).items():
        form[field].data = value


def _values(expert: Expert) -> dict[str, Any]:
    """What stands in the form's fields; an identity number is never shown again."""
    person = expert.person
    return {
        "name": person.name,
        "birth_date": person.birth_date,
        "post": person.post,
        "title": person.title,
        "sex": person.sex.value if person.sex else "",
        "employer": person.employer.name if person.employer else "",
        "specialty": expert.specialty,
        "practised_since": expert.practised_since,
        "standing_text": expert.standing_text,
        "health_text": expert.health_text,
        "tags": "、".join(expert.tags),
    }


@bp.post("/experts/<code>/confirm-birth")
@requires(P.EXPERT_EDIT)
def confirm_birth(code: str) -> Answer:
    """A second person confirms the birth date, with evidence."""
    actor, form = current_actor(), ConfirmBirthForm()
    if form.validate_on_submit():
        upload = form.file.data
        try:
            with transaction():
                confirm_birth_date(
                    actor, code, form.version.data, upload.read(), upload.filename or ""
                )
            flash(_("The birth date is confirmed."), "done")
            return redirect(url_for("experts.show", code=code))
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("experts/show.html", **_about(get_expert(actor, code)), form=form)
    return page, 422


@bp.get("/experts/<code>/birth-evidence")
@requires(P.EXPERT_EDIT)
def birth_evidence(code: str) -> Answer:
    """The evidence of a birth date; the download is in the audit."""
    actor = current_actor()
    expert = get_expert(actor, code)
    stored = expert.birth_evidence
    if stored is None:
        raise NotFound
    data, kind, name = files.read(stored), stored.kind, stored.name
    with transaction():
        audit.record(actor, "expert.evidence_read", "expert", expert.id, {"name": name})
    return send_file(BytesIO(data), mimetype=MEDIA_TYPES[kind], as_attachment=True,
                     download_name=name)  # fmt: skip
