"""The list of meetings, and the page of one of them."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from qcc.infra import clock, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.forms import Form, OnceForm
from qcc.infra.i18n import _
from qcc.infra.idempotency import new_key, once
from qcc.infra.templating import PAGE, page_of
from qcc.infra.transitions import history
from qcc.kernel.dates import SHANGHAI, legal_date
from qcc.kernel.permissions import Permission as P
from qcc.meetings.forms import (
    ActionForm,
    AmendmentForm,
    AnswerForm,
    CorrectionForm,
    FileForm,
    GuestForm,
    NewSectionForm,
    PlanForm,
    StepForm,
    TopicForm,
)
from qcc.meetings.models import ActionItem, Meeting
from qcc.meetings.permissions import answers, is_own, may_read_files, may_read_minutes
from qcc.meetings.queries import (
    get_meeting,
    list_amendments,
    list_corrections,
    list_files,
    list_meetings,
)
from qcc.meetings.rules.agenda import days_late, total_minutes
from qcc.meetings.services.attendance import quorum_of
from qcc.meetings.services.holding import SIGNING
from qcc.meetings.services.inviting import invitable_centers, invitable_experts
from qcc.meetings.services.materials import OPEN
from qcc.meetings.services.papers import list_papers
from qcc.meetings.services.preparing import meeting_moment
from qcc.meetings.services.proposing import propose_meeting
from qcc.meetings.views.blueprint import Answer, bp
from qcc.meetings.views.guidance import next_step
from qcc.meetings.workflow import MEETING, PREPARED, MeetingState


@bp.get("/meetings")
@requires(P.MEETING_VIEW)
def index() -> Answer:
    """The meetings that the reader may see."""
    actor = current_actor()
    wanted, after = listing.chosen("state", MeetingState), listing.after()
    rows = list_meetings(actor, state=wanted, after=after, limit=PAGE + 1)
    return render_template(
        "meetings/index.html",
        page=page_of(rows, after),
        states=list(MeetingState),
        state=wanted,
        may_propose=actor.may(P.MEETING_EDIT),
        key=new_key(),
    )


@bp.post("/meetings/propose")
@requires(P.MEETING_EDIT)
def propose() -> Answer:
    """Propose the next meeting, cloned from the last."""
    actor = current_actor()
    try:
        key = once(actor, request.form.get("key", ""), lambda: propose_meeting(actor).id)
    except Refused as refusal:
        flash(str(refusal.message), "error")
        return redirect(url_for("meetings.index"))
    flash(_("The meeting was proposed after the last one. Now set its time."), "done")
    return redirect(url_for("meetings.show", meeting_id=key))


@bp.get("/meetings/<int:meeting_id>")
@requires(P.MEETING_VIEW)
def show(meeting_id: int) -> Answer:
    """One meeting: agenda, invitations, attendance, minutes, tasks, its life."""
    return show_meeting(get_meeting(current_actor(), meeting_id))


def plan_form(meeting: Meeting) -> PlanForm:
    """The form that sets time and place, as they are."""
    form = PlanForm(formdata=None, obj=meeting)
    form.starts_at.data = meeting.starts_at.astimezone(SHANGHAI).replace(tzinfo=None)
    form.mode.data = meeting.mode.value
    return form


def action_form(meeting: Meeting, **given: Any) -> ActionForm:
    """The form of a task; whoever is invited may be given one."""
    form = ActionForm(**given)
    form.owner.choices = owners_of(meeting)
    return form


def owner_of(meeting: Meeting) -> Callable[[ActionItem], int]:
    """Finds the invitation of whoever has a task."""

    def find(item: ActionItem) -> int:
        keys = (item.owner_center_id, item.owner_person_id, item.owner)
        found = (i.id for i in meeting.invitations if (i.center_id, i.person_id, i.name) == keys)
        return next(found, 0)

    return find


def owners_of(meeting: Meeting) -> list[tuple[int, str]]:
    """Who may be given a task: whoever is invited."""
    return [(each.id, each.name) for each in meeting.invitations]


def _rights(meeting: Meeting) -> dict[str, Any]:
    actor = current_actor()
    own = is_own(actor, meeting.center_id)
    possible = MEETING.possible(meeting.state, actor.permissions) if own else []
    return {
        "is_center": own,
        "actions": {t.action for t in possible},
        "is_prepared": own and meeting.state in PREPARED,
        "is_signing": own and meeting.state in SIGNING,
        "is_drafting": own and meeting.state is MeetingState.DRAFTING,
        "may_add_files": own and meeting.state in OPEN,
        "may_amend": own and meeting.state is MeetingState.FINAL,
        "reads_minutes": may_read_minutes(actor, meeting),
        "mine": [each for each in meeting.invitations if answers(actor, each)],
    }


def meeting_page(meeting: Meeting, **more: Any) -> dict[str, Any]:
    """What the page of one meeting shows."""
    rights, day = _rights(meeting), legal_date(meeting.starts_at)
    moment = meeting_moment(meeting)
    return {
        "meeting": meeting,
        **rights,
        "moment": moment,
        "next_step": next_step(meeting, moment) if rights["is_center"] else "",
        "total": total_minutes(entry.minutes for entry in meeting.agenda),
        "ages": {
            entry.id: ((day - entry.action.given_on).days, days_late(entry.action.due_on, day))
            for entry in meeting.agenda
            if entry.action
        },
        "centers": invitable_centers(meeting) if rights["is_prepared"] else [],
        "experts": invitable_experts(meeting) if rights["is_prepared"] else [],
        "quorum": quorum_of(meeting),
        "present": sum(1 for each in meeting.invitations if each.signed_in_at),
        "files": list_files(meeting.id) if may_read_files(current_actor(), meeting) else [],
        "papers": list_papers(meeting, rights["reads_minutes"]),
        "amendments": list_amendments(meeting.id) if rights["reads_minutes"] else [],
        "corrections": _corrections(meeting, rights),
        "steps": history(MEETING, meeting.id),
        "now": clock.now(),
        "me": current_actor().person_id,
        "plan_form": plan_form(meeting),
        "topic_form": TopicForm(formdata=None),
        "owner_of": owner_of(meeting),
        "entry_form": None,
        "change_form": None,
        "guest_form": GuestForm(formdata=None),
        "file_form": FileForm(formdata=None),
        "answer_form": AnswerForm(formdata=None),
        "section_form": NewSectionForm(formdata=None),
        "action_form": action_form(meeting, formdata=None),
        "amendment_form": AmendmentForm(formdata=None),
        "correction_form": CorrectionForm(formdata=None),
        "step_form": StepForm(formdata=None),
        "new_key": new_key,
        "failed": None,
        "failed_at": 0,
        **more,
    }


def _corrections(meeting: Meeting, rights: dict[str, Any]) -> list[Any]:
    """What is asked to be corrected: all for the center, else the reader's own."""
    if not rights["reads_minutes"]:
        return []
    me = current_actor().person_id
    found = list_corrections(meeting.id)
    return [each for each in found if rights["is_center"] or each.person_id == me]


def show_meeting(meeting: Meeting, status: int = 200, **more: Any) -> tuple[str, int]:
    """The page; a request for a fragment gets the part that changes."""
    part = request.headers.get("HX-Target") == "agenda"
    name = "meetings/_agenda.html" if part else "meetings/show.html"
    return render_template(name, **meeting_page(meeting, **more)), status


def act(
    meeting_id: int,
    form: Form,
    step: Callable[[], Any],
    done: Any = "",
    name: str = "",
    at: int = 0,
) -> Answer:
    """Take a step in a transaction and lead back to the page; what cannot be done comes back with
    what was typed, at the place that *at* names where there are several."""
    if form.validate_on_submit():
        try:
            _take(form, step)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if request.headers.get("HX-Request"):
                return show_meeting(get_meeting(current_actor(), meeting_id))
            if done:
                flash(done, "done")
            return redirect(url_for("meetings.show", meeting_id=meeting_id))
    more = {name: form} if name else {}
    meeting = get_meeting(current_actor(), meeting_id)
    return show_meeting(meeting, 422, failed=form, failed_at=at, **more)


def _take(form: Form, step: Callable[[], Any]) -> None:
    """In a transaction; what makes something new, once for each time that the page was drawn."""

    def make() -> str:
        step()
        return ""

    if isinstance(form, OnceForm):
        once(current_actor(), form.key.data or "", make)
        return
    with transaction():
        step()


def own_meeting(meeting_id: int) -> Meeting:
    """A meeting of the reader's own center; raises NotFound."""
    actor = current_actor()
    meeting = get_meeting(actor, meeting_id)
    if not is_own(actor, meeting.center_id):
        raise NotFound
    return meeting
