"""One item of a rectification order as its center writes it: measure, what was done, evidence."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for

from qcc.evaluations.models import Rectification, RectificationItem
from qcc.evaluations.permissions import CENTER_ROLES
from qcc.evaluations.queries.rectifications import get_rectification
from qcc.evaluations.rectification_forms import DoneForm, PlanItemForm, RectificationFileForm
from qcc.evaluations.services import rectifying
from qcc.evaluations.views.blueprint import Answer, bp
from qcc.evaluations.workflow import RectificationState
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.forms import Form
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.kernel.permissions import Permission as P


def _own(code: str, key: int) -> tuple[Rectification, RectificationItem]:
    """An item of the own center's order; raises NotFound."""
    actor = current_actor()
    order = get_rectification(actor, code)
    item = next((each for each in order.items if each.id == key), None)
    if item is None or actor.role not in CENTER_ROLES or actor.center_id != order.center_id:
        raise NotFound
    return order, item


def _forms(order: Rectification, item: RectificationItem) -> dict[str, Form]:
    """The forms as the item stands."""
    version = {"version": item.version}
    plan = PlanItemForm(
        formdata=None,
        data={
            **version,
            "measure": item.measure,
            "owner": item.owner_id,
            "due_on": item.due_on or order.due_on,
        },
    )
    return {
        "plan_form": _with_owners(plan, order),
        "done_form": DoneForm(formdata=None, data={**version, "done": item.done}),
        "file_form": RectificationFileForm(formdata=None),
    }


def _with_owners(form: PlanItemForm, order: Rectification) -> PlanItemForm:
    form.owner.choices = [(p.id, p.name) for p in rectifying.possible_owners(order)]
    return form


@bp.get("/rectifications/<code>/items/<int:key>")
@requires(P.RECTIFICATION_EDIT)
def rectification_item(code: str, key: int) -> Answer:
    """What is wanted, and what the center writes of it."""
    return _page(code, key)


def _page(code: str, key: int, status: int = 200, **more: Any) -> tuple[str, int]:
    order, item = _own(code, key)
    page = {
        "order": order,
        "item": item,
        "plans": order.state is RectificationState.ISSUED,
        "works": order.state is RectificationState.UNDERWAY,
        "failed": None,
        **_forms(order, item),
        **more,
    }
    return render_template("evaluations/rectifications/item.html", **page), status


def _act(code: str, key: int, form: Form, step: Callable[[], Any], done: Any, name: str) -> Answer:
    if form.validate_on_submit():
        try:
            step()
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(done, "done")
            order, _item = _own(code, key)
            if name == "plan_form":
                return redirect(url_for("evaluations.rectification", code=order.code))
            return redirect(url_for("evaluations.rectification_item", code=code, key=key))
    return _page(code, key, 422, failed=form, **{name: form})


def _within(step: Callable[[], Any]) -> Callable[[], None]:
    def run() -> None:
        with transaction():
            step()

    return run


@bp.post("/rectifications/<code>/items/<int:key>/plan")
@requires(P.RECTIFICATION_EDIT)
def plan_rectification_item(code: str, key: int) -> Answer:
    """The measure, who answers for it, and by when."""
    actor, (order, _item) = current_actor(), _own(code, key)
    form = _with_owners(PlanItemForm(), order)
    return _act(
        code,
        key,
        form,
        _within(
            lambda: rectifying.plan_item(
                actor, code, key, form.version.data, form.measure.data, form.owner.data,
                form.due_on.data,
            )
        ),
        _("Saved."),
        "plan_form",
    )  # fmt: skip


@bp.post("/rectifications/<code>/items/<int:key>/done")
@requires(P.RECTIFICATION_EDIT)
def report_rectification_item(code: str, key: int) -> Answer:
    """What was done."""
    actor, form = current_actor(), DoneForm()
    return _act(
        code,
        key,
        form,
        _within(
            lambda: rectifying.report_item(
                actor, code, key, form.version.data, form.done.data or ""
            )
        ),
        _("Saved."),
        "done_form",
    )


@bp.post("/rectifications/<code>/items/<int:key>/evidence")
@requires(P.RECTIFICATION_EDIT)
def prove_rectification_item(code: str, key: int) -> Answer:
    """A file that proves it."""
    actor, form = current_actor(), RectificationFileForm()
    _own(code, key)

    def keep() -> None:
        upload = form.file.data
        data, name = upload.read(), upload.filename or ""
        once(
            actor,
            form.key.data,
            lambda: rectifying.add_evidence(actor, code, key, data, name).id,
        )

    return _act(code, key, form, keep, _("The file is added."), "file_form")


@bp.post("/rectifications/<code>/evidence/<int:key>/remove")
@requires(P.RECTIFICATION_EDIT)
def take_out_rectification_evidence(code: str, key: int) -> Answer:
    """The file is no longer part of what is handed in."""
    with transaction():
        item = rectifying.take_out_evidence(current_actor(), code, key)
        item_id = item.id
    flash(_("The file is taken out."), "done")
    return redirect(url_for("evaluations.rectification_item", code=code, key=item_id))
