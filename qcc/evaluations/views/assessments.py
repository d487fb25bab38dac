"""The assessment of one center: its own account with evidence, its result, its steps."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from qcc.evaluations.forms import AccountForm, AppealForm, EvidenceForm, StepForm, StrengthForm
from qcc.evaluations.models import Appeal, Assessment
from qcc.evaluations.permissions import is_organizer, is_own, orders
from qcc.evaluations.queries import find_appeal, get_assessment, get_evidence, list_evidence
from qcc.evaluations.queries.rectifications import find_order_of
from qcc.evaluations.queries.strengths import compared, list_strengths
from qcc.evaluations.services import accounts, appealing
from qcc.evaluations.services.accounts import missing_slots
from qcc.evaluations.views.acting import succeeds
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.evaluations.views.shown import known_words
from qcc.evaluations.workflow import APPEAL, ASSESSMENT, SHOWN, AssessmentMoment, AssessmentState
from qcc.infra import audit, clock, files
from qcc.infra.access import current_actor, requires
from qcc.infra.conflicts import confront
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.forms import Form
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.infra.papers import list_papers_of
from qcc.infra.transitions import TransitionRecord, history
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.permissions import Permission as P
from qcc.kernel.rubrics import Item, Rubric
from qcc.regulations.rubrics import get_rubric


@bp.get("/assessments/<code>")
@requires(P.ASSESSMENT_VIEW)
def assessment(code: str) -> Answer:
    """One center in one round."""
    return show_assessment(code)


def show_assessment(code: str, status: int = 200, **more: Any) -> tuple[str, int]:
    """The page of an assessment."""
    actor = current_actor()
    found = get_assessment(actor, code)
    rubric, evidence = get_rubric(found.round.rubric_id), list_evidence(found.id)
    own, organizes = is_own(actor, found), is_organizer(actor, found.round)
    has_result = found.state in SHOWN
    appeal = find_appeal(found.id) if has_result else None
    decides = actor.role is Role.COMMISSION_OFFICER and actor.place == found.round.place
    missing = missing_slots(rubric, evidence)
    moment = AssessmentMoment(clock.today(), len(missing), found.appeal_by)
    may = own or organizes
    possible = ASSESSMENT.possible(found.state, actor.permissions) if may else []
    filled: dict[str, list[Any]] = {}
    for piece in evidence:
        filled.setdefault(piece.item, []).append(piece)
    page = {
        "assessment": found,
        "round": found.round,
        "rubric": rubric,
        "own": own,
        "organizes": organizes,
        "is_writing": own and found.state is AssessmentState.WRITING,
        "accounts": {account.item: account for account in found.accounts},
        "evidence": filled,
        "missing": missing,
        "missing_of": {slot.item.code for slot in missing},
        "has_result": has_result,
        "known": {item.code: known_words(found, item) for item in rubric.items}
        if has_result or organizes
        else {},
        "compared": compared(found) if has_result else {},
        "strengths": list_strengths(found.round_id) if has_result else [],
        "strength_form": strength_form(rubric),
        "appeal": appeal,
        "papers": list_papers_of("assessment", found.id) if found.final_on else (),
        "decides": decides and found.state is AssessmentState.APPEALED,
        **_order(actor, found),
        "actions": {t.action for t in possible if not ASSESSMENT.failed_guard(t, moment)},
        "steps": _life(found, appeal),
        "step_form": StepForm(formdata=None),
        "appeal_form": AppealForm(formdata=None, data={"version": found.version}),
        "failed": None,
        **more,
    }
    return render_template("evaluations/assessment.html", **page), status


def strength_form(rubric: Rubric, **more: Any) -> StrengthForm:
    """Asks for an item and a text."""
    form = StrengthForm(**more) if more else StrengthForm(formdata=None)
    form.item.choices = [(item.code, f"{item.code} {item.name}") for item in rubric.items]
    return form


def _order(actor: Actor, found: Assessment) -> dict[str, Any]:
    """The rectification order that the result led to, and whether the reader may issue one."""
    failed = found.state is AssessmentState.FINAL and found.has_passed is False
    order = find_order_of(found.id) if failed else None
    return {"rectification": order, "may_order": failed and orders(actor, found.round)}


def _life(found: Assessment, appeal: Appeal | None) -> list[TransitionRecord]:
    """The timeline, newest first; that an appeal was raised is a step of the assessment."""
    decided = history(APPEAL, appeal.id)[:-1] if appeal else ()
    return sorted([*decided, *history(ASSESSMENT, found.id)], key=lambda step: -step.id)


def act(code: str, form: Form, step: Callable[[], Any], done: Any, name: str = "") -> Answer:
    """Take a step in a transaction and lead back to the assessment."""
    if succeeds(form, step, done):
        return redirect(url_for("evaluations.assessment", code=code))
    return show_assessment(code, 422, failed=form, **({name: form} if name else {}))


def _own(code: str, item_code: str) -> tuple[Assessment, Item]:
    """An item of the own center's assessment while it is written; raises NotFound."""
    actor = current_actor()
    found = get_assessment(actor, code)
    if not is_own(actor, found) or found.state is not AssessmentState.WRITING:
        raise NotFound
    try:
        return found, get_rubric(found.round.rubric_id)[item_code]
    except KeyError:
        raise NotFound from None


@bp.route("/assessments/<code>/items/<item_code>", methods=["GET", "POST"])
@requires(P.ASSESSMENT_EDIT)
def account(code: str, item_code: str) -> Answer:
    """What the center says of an item; of two writers the second sees both texts."""
    found, item = _own(code, item_code)
    saved = next((each for each in found.accounts if each.item == item.code), None)
    form = AccountForm()
    if request.method == "GET":
        form.text.data, form.version.data = (saved.text, saved.version) if saved else ("", 0)
        form.points.data = saved.points if saved else None
        return _account_page(found, item, form, 200)
    if not form.validate_on_submit():
        return _account_page(found, item, form, 422)
    try:
        with transaction():
            accounts.save_account(
                current_actor(),
                code,
                item.code,
                form.version.data,
                form.text.data or "",
                form.points.data,
            )
    except Refused as refusal:
        form.refuse(refusal)
        return _account_page(found, item, form, 422)
    except StaleEdit as stale:
        theirs = {"text": stale.current.text, "points": stale.current.points}
        differences = confront(form, stale.current.version, theirs)
        found, item = _own(code, item_code)
        return _account_page(found, item, form, 409, theirs=differences)
    flash(_("Saved."), "done")
    return redirect(url_for("evaluations.account", code=code, item_code=item.code))


def _account_page(
    found: Assessment, item: Item, form: AccountForm, status: int, **more: Any
) -> tuple[str, int]:
    items = list(get_rubric(found.round.rubric_id).items)
    at = [each.code for each in items].index(item.code)
    evidence = list_evidence(found.id)
    evidence_form = more.pop("evidence_form", None) or EvidenceForm(formdata=None)
    evidence_form.slot.choices = [(slot, slot) for slot in item.evidence]
    here = {(piece.slot, piece.file_id) for piece in evidence if piece.item == item.code}
    page = {
        "assessment": found,
        "round": found.round,
        "item": item,
        "form": form,
        "evidence_form": evidence_form,
        "laid": [piece for piece in evidence if piece.item == item.code],
        "elsewhere": {
            piece.file_id: piece
            for piece in evidence
            if piece.item != item.code and all(piece.file_id != file_id for _s, file_id in here)
        }.values(),
        "following": items[at + 1] if at + 1 < len(items) else None,
        "theirs": None,
        **more,
    }
    return render_template("evaluations/account.html", **page), status


@bp.post("/assessments/<code>/items/<item_code>/evidence")
@requires(P.ASSESSMENT_EDIT)
def attach(code: str, item_code: str) -> Answer:
    """Upload a file into a slot."""
    found, item = _own(code, item_code)
    actor, form = current_actor(), EvidenceForm()
    form.slot.choices = [(slot, slot) for slot in item.evidence]
    if form.validate_on_submit():
        upload = form.file.data
        data, name = upload.read(), upload.filename or ""
        try:
            once(
                actor,
                form.key.data,
                lambda: accounts.attach(actor, code, item.code, form.slot.data, data, name).id,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("%(name)s was attached.", name=name), "done")
            return redirect(url_for("evaluations.account", code=code, item_code=item.code))
    saved = next((each for each in found.accounts if each.item == item.code), None)
    form_of = AccountForm(formdata=None, obj=saved)
    form_of.version.data = saved.version if saved else 0
    return _account_page(found, item, form_of, 422, evidence_form=form)


@bp.post("/assessments/<code>/items/<item_code>/evidence/<int:evidence_id>/reuse")
@requires(P.ASSESSMENT_EDIT)
def reuse(code: str, item_code: str, evidence_id: int) -> Answer:
    """Lay a file that proves another item into a slot of this one."""
    _own(code, item_code)
    slot, actor = request.form.get("slot", ""), current_actor()
    try:
        with transaction():
            accounts.reuse(actor, code, item_code, slot, evidence_id)
    except Refused as refusal:
        flash(str(refusal.message), "error")
    return redirect(url_for("evaluations.account", code=code, item_code=item_code))


@bp.post("/assessments/<code>/evidence/<int:evidence_id>/remove")
@requires(P.ASSESSMENT_EDIT)
def take_out(code: str, evidence_id: int) -> Answer:
    """Take a file out of its slot."""
    try:
        with transaction():
            item = accounts.take_out(current_actor(), code, evidence_id).item
    except Refused as refusal:
        flash(str(refusal.message), "error")
        return redirect(url_for("evaluations.assessment", code=code))
    return redirect(url_for("evaluations.account", code=code, item_code=item))


@bp.get("/assessments/<code>/evidence/<int:evidence_id>")
@requires(P.ASSESSMENT_VIEW)
def evidence(code: str, evidence_id: int) -> Response:
    """Download a piece of evidence; that is in the audit."""
    actor = current_actor()
    found = get_assessment(actor, code)
    stored = get_evidence(found.id, evidence_id).file
    data = files.read(stored)
    with transaction():
        detail = {"name": stored.name, "sha256": stored.sha256}
        audit.record(actor, "assessment.evidence_read", "assessment", found.id, detail)
    return send_file(
        BytesIO(data),
        mimetype=MEDIA_TYPES[stored.kind],
        as_attachment=True,
        download_name=stored.name,
    )


@bp.post("/assessments/<code>/submit")
@requires(P.ASSESSMENT_SUBMIT)
def submit(code: str) -> Answer:
    """The director submits the account."""
    actor, form = current_actor(), StepForm()
    done = _("The account is submitted.")
    return act(code, form, lambda: accounts.submit_account(actor, code, form.version.data), done)


@bp.post("/assessments/<code>/return")
@requires(P.ROUND_EDIT)
def return_account(code: str) -> Answer:
    """The organizer gives the account back, with a reason."""
    actor, form = current_actor(), StepForm()
    return act(
        code,
        form,
        lambda: accounts.return_account(actor, code, form.version.data, form.reason.data or ""),
        _("The account was returned."),
        "step_form",
    )


@bp.post("/assessments/<code>/appeal")
@requires(P.APPEAL_RAISE)
def appeal(code: str) -> Answer:
    """The director appeals against the result."""
    actor, form = current_actor(), AppealForm()
    return act(
        code,
        form,
        lambda: appealing.raise_appeal(actor, code, form.version.data, form.text.data or ""),
        _("The appeal is raised; the commission decides."),
        "appeal_form",
    )
