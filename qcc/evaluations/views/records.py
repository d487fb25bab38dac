"""Internal rules of centers and supervision visits."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, send_file, url_for

from qcc.evaluations.document_forms import InternalRuleForm, VisitForm
from qcc.evaluations.permissions import CENTER_ROLES
from qcc.evaluations.queries.records import (
    get_recorded_center,
    kinds_asked,
    list_internal_rules,
    list_records,
    list_visits,
)
from qcc.evaluations.rules.documents import InternalRuleKind
from qcc.evaluations.services import records as acts
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.infra import clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.forms import OnceForm
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.infra.templating import PAGE, page_of
from qcc.kernel.permissions import Permission as P


@bp.get("/records")
@requires(P.RECORD_VIEW)
def records() -> Answer:
    """Of each center in scope: internal rules in place, the last visit, the next review."""
    after = listing.after()
    rows = list_records(current_actor(), clock.today(), after=after, limit=PAGE + 1)
    return render_template(
        "evaluations/documents/records.html", page=page_of(rows, after), today=clock.today()
    )


@bp.get("/records/<int:center_id>")
@requires(P.RECORD_VIEW)
def center_records(center_id: int) -> Answer:
    """What is on record of one center."""
    return _show(center_id)


def _show(center_id: int, status: int = 200, **more: Any) -> tuple[str, int]:
    actor, today = current_actor(), clock.today()
    center = get_recorded_center(actor, center_id)
    editions = list_internal_rules(center.id)
    rule_form = InternalRuleForm(formdata=None)
    page = {
        "center": center,
        "kinds": [InternalRuleKind(kind) for kind in kinds_asked(center.place, today)],
        "in_force": {each.kind: each for each in reversed(editions)},
        "editions": editions,
        "visits": list_visits(center.id),
        "today": today,
        "writes_rules": actor.role in CENTER_ROLES,
        "writes_visits": actor.may(P.VISIT_RECORD) and actor.place == center.place,
        "rule_form": rule_form,
        "visit_form": VisitForm(formdata=None),
        "failed": None,
        **more,
    }
    return render_template("evaluations/documents/record.html", **page), status


def _keep(center_id: int, form: OnceForm, name: str, act: Callable[[], object]) -> Answer:
    """Put something on record, once."""
    if form.validate_on_submit():
        try:
            once(current_actor(), form.key.data, act)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("It is on record."), "done")
            return redirect(url_for("evaluations.center_records", center_id=center_id))
    return _show(center_id, 422, failed=form, **{name: form})


@bp.post("/records/<int:center_id>/rules")
@requires(P.INTERNAL_RULE_EDIT)
def record_internal_rule(center_id: int) -> Answer:
    """A new edition of the own internal rules."""
    actor, form = current_actor(), InternalRuleForm()
    upload = form.file.data
    data, name = (upload.read(), upload.filename or "") if upload else (b"", "")
    return _keep(
        center_id,
        form,
        "rule_form",
        lambda: acts.record_internal_rule(actor, center_id, form.edition, data, name).id,
    )


@bp.post("/records/<int:center_id>/visits")
@requires(P.VISIT_RECORD)
def record_visit(center_id: int) -> Answer:
    """A visit by the authorities of the place."""
    actor, form = current_actor(), VisitForm()
    upload = form.file.data
    data, name = (upload.read(), upload.filename or "") if upload else (b"", "")
    return _keep(
        center_id,
        form,
        "visit_form",
        lambda: acts.record_visit(actor, center_id, form.report, data, name).id,
    )


@bp.get("/records/<int:center_id>/<any(rules,visits):kind>/<int:record_id>/file")
@requires(P.RECORD_VIEW)
def record_file(center_id: int, kind: str, record_id: int) -> Answer:
    """The file of an edition or a visit; the download is on record."""
    with transaction():
        stored, data = acts.read_record_file(current_actor(), center_id, kind, record_id)
        name, media = stored.name, MEDIA_TYPES[stored.kind]
    return send_file(BytesIO(data), mimetype=media, as_attachment=True, download_name=name)
