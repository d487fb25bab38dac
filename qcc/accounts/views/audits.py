"""The audit trail: for the audit administrator."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from flask import render_template, request, send_file
from werkzeug.wrappers import Response

from qcc.accounts.disclosure import told
from qcc.accounts.forms import PlainForm
from qcc.accounts.labels import break_word, event_word
from qcc.accounts.queries import AuditFilter, check_chain, count_audit_events, list_audit_events
from qcc.accounts.services import note_audit_export, note_audit_verification
from qcc.accounts.views.blueprint import bp
from qcc.infra import clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.audit import AuditEvent
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.i18n import _
from qcc.infra.spreadsheets.export import write_table
from qcc.infra.spreadsheets.reading import CellValue
from qcc.infra.templating import PAGE, Page, as_moment
from qcc.kernel.permissions import Permission as P

EXPORTED_AT_ONCE = 20_000


@bp.get("/audit")
@requires(P.AUDIT_VIEW)
def audit() -> str:
    """Events, newest first."""
    actor, after, wanted = current_actor(), listing.after(), _filter()
    rows = list_audit_events(actor, wanted, after=after, limit=PAGE + 1)
    shown = rows[:PAGE]
    return render_template(
        "accounts/audit.html",
        page=Page(shown, shown[-1].seq if len(rows) > PAGE else None, first=not after),
        count=count_audit_events(actor, wanted),
        wanted=wanted,
        filtered=wanted != AuditFilter(),
        event_word=event_word,
        detail=_detail,
        form=PlainForm(formdata=None),
        limit=EXPORTED_AT_ONCE,
    )


def _filter() -> AuditFilter:
    return AuditFilter(
        event=listing.words("event"),
        person=listing.words("person"),
        since=listing.day("since"),
        until=listing.day("until"),
        subject=listing.words("subject"),
    )


def _detail(event: AuditEvent) -> str:
    """What the event says beyond its head, a line for each value."""
    return "\n".join(_lines(_told(event)))


def _told(event: AuditEvent) -> dict[str, Any]:
    return told(event.event, event.subject_type, json.loads(event.detail))


def _lines(values: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{above}{name}.")
        else:
            yield f"{above}{name}: {json.dumps(value, ensure_ascii=False)}"


@bp.post("/audit/verify")
@requires(P.AUDIT_VIEW)
def verify_audit() -> str:
    """Walk the whole chain and say where it does not hold."""
    check = check_chain()
    with transaction():
        note_audit_verification(current_actor(), check.breaks)
    return render_template(
        "accounts/audit_verified.html", check=check, break_word=break_word, at=clock.now()
    )


@bp.post("/audit/export")
@requires(P.AUDIT_VIEW)
def export_audit() -> Response:
    """Take the filtered events out as a file; this is an event itself."""
    actor, wanted = current_actor(), _filter()
    rows = list_audit_events(actor, wanted, limit=EXPORTED_AT_ONCE + 1)
    if len(rows) > EXPORTED_AT_ONCE:
        raise Refused(
            _("These are more than %(limit)s events. Narrow the dates.", limit=EXPORTED_AT_ONCE)
        )
    form = "csv" if request.form.get("form") == "csv" else "xlsx"
    head, table = _head(), [_row(row) for row in rows]
    with transaction():
        note_audit_export(actor, form, _as_words(wanted), len(table))
    return _csv(head, table) if form == "csv" else _xlsx(head, table)


def _as_words(wanted: AuditFilter) -> dict[str, str]:
    values = {name: getattr(wanted, name) for name in wanted.__dataclass_fields__}
    return {name: str(value) for name, value in values.items() if value}


def _head() -> list[str]:
    return [
        _("Number"),
        _("Time"),
        _("Event"),
        _("Code"),
        _("Person"),
        _("Role"),
        _("Source"),
        _("Subject"),
        _("Details"),
        _("Hash"),
    ]


def _row(event: AuditEvent) -> list[CellValue]:
    return [
        event.seq,
        as_moment(event.at),
        event_word(event.event),
        event.event,
        event.actor,
        event.role,
        event.source,
        f"{event.subject_type}:{event.subject_id}",
        json.dumps(_told(event), ensure_ascii=False),
        event.hash,
    ]


def _name(ending: str) -> str:
    today: date = clock.today()
    return f"audit-{today.isoformat()}.{ending}"


def _xlsx(head: Sequence[str], table: Sequence[Sequence[CellValue]]) -> Response:
    data = write_table(_("Audit"), head, table)
    return send_file(
        BytesIO(data),
        mimetype=MEDIA_TYPES["xlsx"],
        as_attachment=True,
        download_name=_name("xlsx"),
    )


def _csv(head: Sequence[str], table: Sequence[Sequence[CellValue]]) -> Response:
    """With a mark by which spreadsheet programs see UTF-8; nothing in it becomes a formula."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([[_unformulated(value) for value in row] for row in table])
    return send_file(
        BytesIO(text.getvalue().encode("utf-8-sig")),
        mimetype="text/csv",
        as_attachment=True,
        download_name=_name("csv"),
    )


def _unformulated(value: CellValue) -> CellValue:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
