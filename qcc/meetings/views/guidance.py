"""What a meeting waits for: one sentence that says the next step, and until when."""

from qcc.infra.i18n import _
from qcc.infra.templating import as_long_day
from qcc.meetings.models import Meeting
from qcc.meetings.queries import demand_of
from qcc.meetings.rules.compliance import minutes_due_on
from qcc.meetings.workflow import MeetingMoment, MeetingState


def next_step(meeting: Meeting, moment: MeetingMoment) -> object:
    """What the center does next; empty once nothing is left to do."""
    if meeting.state is MeetingState.PROPOSED:
        if moment.lies_ahead and moment.has_agenda and moment.has_invited:
            return _("Check time, agenda and who is invited, then send the notice.")
        return _("The notice needs a time ahead, an agenda and somebody invited.")
    if meeting.state is MeetingState.ANNOUNCED:
        if not moment.has_begun:
            return _("Answers come in under “Participants”. All are told of a new time or place.")
        if moment.somebody_is_present and not moment.has_quorum:
            return _("Fewer are present than the rulebook asks for.")
        if moment.somebody_is_present:
            return _("Once all who came are noted, put the meeting on record as held.")
        return _(
            "Note under “Participants” who is there; then the meeting can be put on record as held."
        )
    if meeting.state is MeetingState.CORRECTING:
        day = as_long_day(meeting.correct_by)
        return _("Corrections are taken until %(day)s; the director signs.", day=day)
    return _writing(meeting, moment)


def _writing(meeting: Meeting, moment: MeetingMoment) -> object:
    if meeting.held_on is None or meeting.state is MeetingState.FINAL:
        return ""
    due = minutes_due_on(meeting.held_on, demand_of(meeting.center.place, meeting.held_on))
    day = as_long_day(due)
    if meeting.state is MeetingState.DRAFTING and not moment.minutes_are_written:
        return _(
            "Every topic of the minutes needs a decision or a discussion. The signed minutes are"
            " due by %(day)s.",
            day=day,
        )
    return _("The signed minutes are due by %(day)s.", day=day)
