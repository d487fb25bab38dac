"""Preparing a meeting: time and place, agenda, invitations; and the answers."""

from qcc.infra.access import current_actor, requires
from qcc.infra.forms import Form
from qcc.infra.i18n import _
from qcc.kernel.permissions import Permission as P
from qcc.meetings.forms import (
    AnswerForm,
    CenterForm,
    ExpertForm,
    GuestForm,
    MoveForm,
    PlanForm,
    PresenceForm,
    TopicForm,
)
from qcc.meetings.models import Capacity, Reply
from qcc.meetings.services import holding, inviting, preparing
from qcc.meetings.views.blueprint import Answer, bp
from qcc.meetings.views.pages import act


@bp.post("/meetings/<int:meeting_id>/plan")
@requires(P.MEETING_EDIT)
def plan(meeting_id: int) -> Answer:
    """Set time, place and manner."""
    actor, form = current_actor(), PlanForm()
    return act(
        meeting_id,
        form,
        lambda: preparing.plan_meeting(actor, meeting_id, form.version.data, form.plan),
        _("Time and place are set."),
        "plan_form",
    )


@bp.post("/meetings/<int:meeting_id>/topics")
@requires(P.MEETING_EDIT)
def add_topic(meeting_id: int) -> Answer:
    """A topic at the end of the agenda."""
    actor, form = current_actor(), TopicForm()
    return act(
        meeting_id,
        form,
        lambda: preparing.add_topic(
            actor, meeting_id, form.title.data, form.presenter.data or "", form.minutes.data
        ),
        _("The topic is on the agenda."),
        "topic_form",
    )


@bp.post("/meetings/<int:meeting_id>/topics/<int:entry_id>")
@requires(P.MEETING_EDIT)
def change_topic(meeting_id: int, entry_id: int) -> Answer:
    """Another wording, presenter or time."""
    actor, form = current_actor(), TopicForm()
    return act(
        meeting_id,
        form,
        lambda: preparing.change_topic(
            actor,
            meeting_id,
            entry_id,
            form.title.data,
            form.presenter.data or "",
            form.minutes.data,
        ),
        name="entry_form",
        at=entry_id,
    )


@bp.post("/meetings/<int:meeting_id>/topics/<int:entry_id>/move")
@requires(P.MEETING_EDIT)
def move_topic(meeting_id: int, entry_id: int) -> Answer:
    """Another place on the agenda, by dragging or by a button."""
    actor, form = current_actor(), MoveForm()
    return act(
        meeting_id,
        form,
        lambda: preparing.move_topic(actor, meeting_id, entry_id, form.to.data),
    )


@bp.post("/meetings/<int:meeting_id>/topics/<int:entry_id>/remove")
@requires(P.MEETING_EDIT)
def remove_topic(meeting_id: int, entry_id: int) -> Answer:
    """Take an entry off the agenda."""
    actor = current_actor()
    return act(meeting_id, Form(), lambda: preparing.remove_topic(actor, meeting_id, entry_id))


@bp.post("/meetings/<int:meeting_id>/centers")
@requires(P.MEETING_EDIT)
def invite_center(meeting_id: int) -> Answer:
    """Invite a center of the specialty."""
    actor, form = current_actor(), CenterForm()
    return act(
        meeting_id,
        form,
        lambda: inviting.invite_center(actor, meeting_id, form.center.data),
        _("The center is invited."),
    )


@bp.post("/meetings/<int:meeting_id>/experts")
@requires(P.MEETING_EDIT)
def invite_expert(meeting_id: int) -> Answer:
    """Invite a registered expert."""
    actor, form = current_actor(), ExpertForm()
    return act(
        meeting_id,
        form,
        lambda: inviting.invite_expert(actor, meeting_id, form.expert.data),
        _("The expert is invited."),
    )


@bp.post("/meetings/<int:meeting_id>/panel")
@requires(P.MEETING_EDIT)
def invite_panel(meeting_id: int) -> Answer:
    """Invite the whole panel."""
    actor = current_actor()
    done = _("The panel is invited.")
    return act(meeting_id, Form(), lambda: inviting.invite_panel(actor, meeting_id), done)


@bp.post("/meetings/<int:meeting_id>/guests")
@requires(P.MEETING_EDIT)
def invite_guest(meeting_id: int) -> Answer:
    """Invite somebody outside the system."""
    actor, form = current_actor(), GuestForm()
    return act(
        meeting_id,
        form,
        lambda: inviting.invite_guest(
            actor,
            meeting_id,
            form.name.data,
            form.organization.data or "",
            Capacity(form.capacity.data),
            form.email.data or "",
        ),
        _("The guest is invited."),
        "guest_form",
    )


@bp.post("/meetings/<int:meeting_id>/invitations/<int:invitation_id>/remove")
@requires(P.MEETING_EDIT)
def uninvite(meeting_id: int, invitation_id: int) -> Answer:
    """Take an invitation back."""
    actor = current_actor()
    return act(
        meeting_id,
        Form(),
        lambda: inviting.take_back_invitation(actor, meeting_id, invitation_id),
    )


@bp.post("/meetings/<int:meeting_id>/invitations/<int:invitation_id>/answer")
@requires(P.MEETING_ANSWER)
def answer(meeting_id: int, invitation_id: int) -> Answer:
    """Say whether one comes; the center notes it for a guest."""
    actor, form = current_actor(), AnswerForm()
    return act(
        meeting_id,
        form,
        lambda: inviting.answer(
            actor,
            meeting_id,
            invitation_id,
            Reply(form.reply.data),
            form.substitute.data or "",
            form.reason.data or "",
        ),
        _("Your answer is noted."),
        "answer_form",
        invitation_id,
    )


@bp.post("/meetings/<int:meeting_id>/invitations/<int:invitation_id>/presence")
@requires(P.MEETING_EDIT)
def presence(meeting_id: int, invitation_id: int) -> Answer:
    """The secretary notes who is there."""
    actor, form = current_actor(), PresenceForm()
    return act(
        meeting_id,
        form,
        lambda: holding.sign_in(actor, meeting_id, invitation_id, form.present.data == "yes"),
    )
