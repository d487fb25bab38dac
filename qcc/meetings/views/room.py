"""The code in the room, and signing in by it."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for

from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.forms import Form
from qcc.infra.i18n import _
from qcc.infra.pdf.qr import qr_svg
from qcc.kernel.permissions import Permission as P
from qcc.meetings.models import Meeting
from qcc.meetings.rules.attendance import signing_time
from qcc.meetings.services.holding import SIGNING
from qcc.meetings.services.room import get_room, room_code, sign_in_by_code, takes_code
from qcc.meetings.views.blueprint import Answer, bp
from qcc.meetings.views.pages import own_meeting


def _times(meeting: Meeting) -> dict[str, Any]:
    begins, ends = signing_time(meeting.starts_at)
    return {"meeting": meeting, "begins": begins, "ends": ends, "is_good": takes_code(meeting)}


@bp.get("/meetings/<int:meeting_id>/room")
@requires(P.MEETING_EDIT)
def room(meeting_id: int) -> Answer:
    """The code, large enough for the wall of the room, or to be printed."""
    meeting = own_meeting(meeting_id)
    if meeting.state not in SIGNING:
        raise NotFound
    path = url_for("meetings.attend", meeting_id=meeting.id, code=room_code(meeting))
    address = f"{current_app.config['PUBLIC_URL']}{path}"
    there = sum(1 for each in meeting.invitations if each.signed_in_at)
    return render_template(
        "meetings/room.html", qr=qr_svg(address), address=address, there=there, **_times(meeting)
    )


@bp.route("/meetings/<int:meeting_id>/attend/<code>", methods=["GET", "POST"])
@requires(P.MEETING_ANSWER)
def attend(meeting_id: int, code: str) -> Answer:
    """Whoever is invited and scanned the code says that they are there."""
    actor, form = current_actor(), Form()
    if request.method == "POST" and form.validate_on_submit():
        try:
            with transaction():
                sign_in_by_code(actor, meeting_id, code)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("You are noted as present."), "done")
            return redirect(url_for("meetings.show", meeting_id=meeting_id))
    meeting, mine = get_room(actor, meeting_id, code)
    page = render_template("meetings/attend.html", form=form, mine=mine, **_times(meeting))
    return page, 422 if form.errors else 200
