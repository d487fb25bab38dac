"""Filings: those sent to the reader's desk, and receipts from outside the system."""

from flask import flash, redirect, render_template, url_for

from qcc.experts.forms import ReceiptForm
from qcc.experts.queries import get_panel, list_filings
from qcc.experts.services.nomination import Answer as Said
from qcc.experts.services.review import receive_filing, record_filing
from qcc.experts.views.blueprint import Answer, bp
from qcc.experts.views.panels import panel_page
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.i18n import _
from qcc.kernel.permissions import Permission as P


@bp.get("/filings")
@requires(P.FILING_RECEIVE)
def filings() -> Answer:
    """Panels sent to the reader's desk to be filed."""
    return render_template("experts/filings.html", filings=list_filings(current_actor()))


@bp.post("/filings/<int:filing_id>/receive")
@requires(P.FILING_RECEIVE)
def receive(filing_id: int) -> Answer:
    """Note that a filing was received."""
    form = ReceiptForm()
    if form.validate_on_submit():
        with transaction():
            receive_filing(current_actor(), filing_id, form.version.data, form.number.data or "")
        flash(_("The filing was noted."), "done")
    return redirect(url_for("experts.filings"))


@bp.post("/panels/<int:panel_id>/filings/<int:filing_id>")
@requires(P.PANEL_EDIT)
def record_receipt(panel_id: int, filing_id: int) -> Answer:
    """Record a receipt from outside the system, with its scan."""
    actor, form = current_actor(), ReceiptForm()
    if form.validate_on_submit():
        upload = form.file.data
        said = Said(
            given=True,
            number=form.number.data or "",
            data=upload.read() if upload else b"",
            filename=(upload.filename or "") if upload else "",
        )
        try:
            with transaction():
                record_filing(actor, panel_id, filing_id, form.version.data, said)
            flash(_("The filing was noted."), "done")
            return redirect(url_for("experts.panel", panel_id=panel_id))
        except Refused as refusal:
            form.refuse(refusal)
    page = panel_page(get_panel(actor, panel_id), receipt_form=form, receipt_id=filing_id)
    return render_template("experts/panel.html", **page), 422
