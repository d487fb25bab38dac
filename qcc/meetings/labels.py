"""How the states of meetings, answers and tasks are shown, and the words of their timelines."""

from qcc.infra.i18n import _l
from qcc.infra.templating import Label, labels, steps
from qcc.meetings.models import Capacity, MeetingFileKind, MeetingMode, Reply
from qcc.meetings.rules.compliance import MonthState
from qcc.meetings.workflow import ActionState, AmendmentState, MeetingState

# One call for each enum: members of two that spell the same would be one key.
labels(
    {
        MeetingState.PROPOSED: Label(_l("In preparation"), "idle", "○"),
        MeetingState.ANNOUNCED: Label(_l("Notice sent"), "action", "◐"),
        MeetingState.HELD: Label(_l("Held, minutes to be written"), "wait", "!"),
        MeetingState.DRAFTING: Label(_l("Minutes being written"), "action", "◐"),
        MeetingState.CORRECTING: Label(_l("Minutes out for correction"), "wait", "…"),
        MeetingState.FINAL: Label(_l("Minutes final"), "done", "✓"),
        MeetingState.CANCELLED: Label(_l("Called off"), "idle", "×"),
    }
)
labels(
    {
        ActionState.OPEN: Label(_l("To be done"), "action", "◐"),
        ActionState.DONE: Label(_l("Reported done"), "wait", "…"),
        ActionState.ACCEPTED: Label(_l("Task accepted"), "done", "✓"),
        ActionState.DROPPED: Label(_l("Dropped"), "idle", "×"),
    }
)
labels(
    {
        AmendmentState.PROPOSED: Label(_l("Awaits the second person"), "wait", "…"),
        AmendmentState.APPROVED: Label(_l("Amendment in force"), "done", "✓"),
        AmendmentState.REFUSED: Label(_l("Amendment refused"), "idle", "×"),
    }
)
labels(
    {
        MonthState.HELD: Label(_l("Meeting held"), "done", "✓"),
        MonthState.LATE: Label(_l("Held, minutes late"), "wait", "△"),
        MonthState.MINUTES_MISSING: Label(_l("Held, minutes missing"), "wait", "!"),
        MonthState.MISSED: Label(_l("Missed"), "danger", "×"),
        MonthState.NOT_DUE: Label(_l("Not due"), "none", "—"),
    }
)
labels(
    {
        MeetingMode.IN_PERSON: _l("In one room"),
        MeetingMode.ONLINE: _l("Online"),
        MeetingMode.HYBRID: _l("In a room and online"),
    }
)
labels(
    {
        MeetingFileKind.SLIDES: _l("Slides"),
        MeetingFileKind.PHOTO: _l("Photo"),
        MeetingFileKind.SHEET: _l("Signed sheet"),
        MeetingFileKind.OTHER: _l("Another file"),
    }
)
labels(
    {
        Capacity.ATTENDING: _l("Attends"),
        Capacity.OBSERVING: _l("Sits in"),
    }
)
labels(
    {
        Reply.NONE: Label(_l("No answer yet"), "idle", "○"),
        Reply.YES: Label(_l("Comes"), "done", "✓"),
        Reply.NO: Label(_l("Excused"), "wait", "×"),
        Reply.SUBSTITUTE: Label(_l("Sends a substitute"), "action", "◐"),
    }
)

steps(
    "meeting",
    {
        "propose": _l("Proposed"),
        "announce": _l("Notice sent"),
        "hold": _l("Meeting held"),
        "draft": _l("Minutes begun"),
        "circulate": _l("Minutes sent for correction"),
        "return": _l("Minutes returned by the director"),
        "sign": _l("Minutes signed by the director"),
        "cancel": _l("Called off"),
    },
)
steps(
    "action_item",
    {
        "give": _l("Task given"),
        "report": _l("Reported done"),
        "accept": _l("Task accepted"),
        "return": _l("Task returned"),
        "drop": _l("Dropped"),
    },
)
