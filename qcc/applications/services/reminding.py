"""Reminders of calls that close and of corrections; drafts that came to nothing."""

from datetime import date

from qcc.applications.queries.reminders import last_day_of, list_dead_drafts, list_unfinished
from qcc.applications.rules.reminders import told_of_closing, told_of_correction
from qcc.applications.workflow import ApplicationState
from qcc.infra import audit
from qcc.infra.db import db
from qcc.infra.i18n import _l
from qcc.infra.outbox import remind, texts
from qcc.infra.workdays import is_working
from qcc.kernel.permissions import Role

texts(
    {
        "call.closing": _l("The call for %(center)s closes on %(end)s: submit your application."),
        "application.correct_by": _l(
            "The application for %(center)s is to be corrected by %(end)s."
        ),
    },
    mandatory={"application.correct_by"},
)


def remind_of_ends(today: date) -> int:
    """Tell institutions of drafts and corrections whose time runs out."""
    told = 0
    for row in list_unfinished(today):
        last_day = last_day_of(row.ends_at)
        is_draft = row.state is ApplicationState.DRAFT
        is_told = told_of_closing if is_draft else told_of_correction
        if is_told(last_day, today, is_working):
            kind = "call.closing" if is_draft else "application.correct_by"
            values = {"center": row.center, "end": last_day.isoformat()}
            link, officer = f"/applications/{row.code}", Role.INSTITUTION_OFFICER
            told += remind(row.institution_id, officer, kind, values, link)
    return told


def clear_drafts(today: date) -> int:
    """Delete drafts of calls that closed long ago, with their files; how many. What was deleted of
    whom is on record."""
    drafts = list_dead_drafts(today)
    for draft in drafts:
        detail = {"code": draft.code, "call": draft.call_id, "institution": draft.institution_id}
        audit.record(None, "application.draft_cleared", "application", draft.id, detail)
        files = [attached.file for attached in draft.files]
        db.session.delete(draft)
        db.session.flush()
        for file in files:
            db.session.delete(file)
    return len(drafts)
