"""Filings: those sent to the reader's desk, and receipts from outside the system."""

from io import BytesIO

from flask import flash, redirect, render_template, send_file, url_for

from qcc.experts.forms import ReceiptForm
from qcc.experts.permissions import may_read_consents
from qcc.experts.queries import get_panel, list_filings
from qcc.experts.services.consents import Answer as Said
from qcc.experts.services.filing import receive_filing, record_filing
from qcc.experts.views.blueprint import Answer, bp
from qcc.experts.views.pages import show_panel
from qcc.infra import audit, files, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.i18n import _
from qcc.infra.templating import PAGE, page_of
from qcc.kernel.permissions import Permission as P


@bp.get("/filings")
@requires(P.FILING_RECEIVE)
def filings() -> Answer:
    """Panels sent to the reader's desk to be filed."""
    after = listing.after()
    rows = list_filings(current_actor(), after=after, limit=PAGE + 1)
    return render_template("experts/filings.html", page=page_of(rows, after, key="turn"))


@bp.post("/filings/<int:filing_id>/receive")
@requires(P.FILING_RECEIVE)
def receive(filing_id: int) -> Answer:
    """Note that a filing was received."""
    form = ReceiptForm()
    if form.validate_on_submit():
        with transaction():
            receive_filing(current_actor(), filing_id, form.version.data, form.number.data or "")
        flash(_("The filing was noted."), "done")
    else:
        flash(_("A filing number has at most 60 characters."), "error")
    return redirect(url_for("experts.filings"))


@bp.get("/panels/<int:panel_id>/filings/<int:filing_id>/file")
@requires(P.PANEL_VIEW)
def filing_file(panel_id: int, filing_id: int) -> Answer:
    """The scan of a receipt; the download is in the audit."""
    actor = current_actor()
    panel = get_panel(actor, panel_id)
    found = next((f for f in panel.filings if f.id == filing_id), None)
    if found is None or found.file is None or not may_read_consents(actor, panel):
        raise NotFound
    data, name, kind = files.read(found.file), found.file.name, found.file.kind
    with transaction():
        audit.record(actor, "filing.file_read", "panel", panel_id, {"name": name})
    return send_file(BytesIO(data), mimetype=MEDIA_TYPES[kind], as_attachment=True,
                     download_name=name)  # fmt: skip


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
    return show_panel(get_panel(actor, panel_id), 422, receipt_form=form, receipt_id=filing_id)
