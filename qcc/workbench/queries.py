"""What waits for a desk, what is due soon, what changed since the last visit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from qcc.applications.queries import (
    list_calls,
    list_own_applications,
    list_own_reviews,
    list_unplanned,
    list_waiting,
)
from qcc.applications.queries.designations import list_waiting_designations
from qcc.applications.queries.opinions import list_unanswered
from qcc.applications.services.progress import NextStep, list_steps_of
from qcc.applications.services.reviewing import is_complete
from qcc.applications.workflow import ApplicationState, CompetitionState, ReviewerState
from qcc.applications.workflow.designation import DesignationState
from qcc.centers.queries import list_changes
from qcc.centers.workflow import ChangeState
from qcc.evaluations.queries import Due
from qcc.experts.queries import (
    list_consents,
    list_filings,
    list_panels,
    list_receipts_on_paper,
    list_waiting_member_changes,
)
from qcc.experts.workflow import MemberChangeState, PanelState
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.i18n import _
from qcc.infra.outbox import Message
from qcc.infra.scans import list_failed
from qcc.kernel.dates import end_of_day
from qcc.kernel.permissions import Actor, Role
from qcc.meetings.queries import list_own_meetings, list_unanswered_invitations
from qcc.meetings.workflow import MeetingState
from qcc.workbench import assessments
from qcc.workbench.waiting import Waiting

S = ApplicationState


def list_to_do(actor: Actor) -> list[Waiting]:
    """Everything that waits for this desk, the longest waiting first."""
    found = [item for read in _READERS.get(actor.role, ()) for item in read(actor)]
    return sorted(found, key=lambda item: item.since or clock.now())


def _applications(actor: Actor, states: Sequence[S], words: dict[S, str]) -> Iterator[Waiting]:
    for row in list_waiting(actor, states):
        due = row.correct_by if row.state is S.RETURNED else None
        if row.state is S.DRAFT:
            due = row.closes_at
        about = f"{row.center} · {row.institution}"
        since = row.submitted_at or row.saved_at
        yield Waiting(words[row.state], about, f"/applications/{row.code}", since, due)


def _checks(actor: Actor) -> Iterator[Waiting]:
    """Applications that this body receives, to be checked or laid before the commission."""
    words = {S.SUBMITTED: _("Formal check"), S.ACCEPTED: _("Lay before the commission")}
    for row in list_waiting(actor, list(words)):
        if row.reception_id == actor.organization_id:
            about = f"{row.center} · {row.institution}"
            url = f"/applications/{row.code}/check"
            yield Waiting(words[row.state], about, url, row.submitted_at)


def _decisions(actor: Actor) -> Iterator[Waiting]:
    """Applications that this commission decides, unless this person proposed them."""
    for row in list_waiting(actor, [S.UNDER_DECISION]):
        if row.issuer_id == actor.organization_id and row.proposed_by != actor.person_id:
            about = f"{row.center} · {row.institution}"
            url = f"/applications/{row.code}/decide"
            yield Waiting(_("Decide the application"), about, url, row.submitted_at)


def _opinions(actor: Actor) -> Iterator[Waiting]:
    """Opinions on refusals that this commission answers, by another than who refused."""
    for row in list_unanswered(actor):
        about, url = f"{row.center} · {row.institution}", f"/applications/{row.code}/opinion"
        yield Waiting(_("Answer the opinion on the refusal"), about, url, row.sent_at)


def _designations(actor: Actor) -> Iterator[Waiting]:
    """Direct designations: drafts to be finished, those to be checked, those to be decided by
    another than who proposed or checked."""
    words = {
        DesignationState.DRAFT: _("Finish the direct designation"),
        DesignationState.UNDER_CHECK: _("Check the direct designation"),
        DesignationState.UNDER_DECISION: _("Decide the direct designation"),
    }
    for row in list_waiting_designations(actor):
        decides = row.state is DesignationState.UNDER_DECISION
        if decides and actor.person_id in (row.proposed_by, row.checked_by):
            continue
        about, url = f"{row.center} · {row.institution}", f"/designations/{row.code}"
        yield Waiting(words[row.state], about, url, row.proposed_at or row.saved_at)


def _own_applications(actor: Actor) -> Iterator[Waiting]:
    words = {S.DRAFT: _("Finish and submit"), S.RETURNED: _("Correct and submit again")}
    yield from _applications(actor, list(words), words)


def _open_calls(actor: Actor) -> Iterator[Waiting]:
    """Open calls in which the institution has not begun an application."""
    for call in list_calls(actor, now=clock.now(), only_open=True)[:10]:
        if not list_own_applications(actor, call.id):
            yield Waiting(
                _("A call is open"), call.title, f"/calls/{call.id}", call.opens_at, call.closes_at
            )


def _competitions(actor: Actor) -> Iterator[Waiting]:
    """Competitions that wait for this body or this commission."""
    words = {
        NextStep.OPEN: _("Sign the opening of the applications"),
        NextStep.OPEN_SECOND: _("Sign the opening as the second person"),
        NextStep.FILL_SEATS: _("Draw or choose reviewers"),
        NextStep.START: _("Begin the review"),
        NextStep.CLOSE: _("Close the review"),
        NextStep.DECIDE_TIE: _("Choose among equals"),
    }
    for competition, step in list_steps_of(actor):
        url = f"/competitions/{competition.code}"
        yield Waiting(words[step], competition.center.name, url, competition.call.closes_at)


def _unplanned(actor: Actor) -> Iterator[Waiting]:
    """Centers of calls that open soon, for which this body has made no competition plan: once the
    call is open it is too late."""
    for call, center in list_unplanned(actor):
        url = f"/calls/{call.id}/centers/{center.id}/plan"
        word = _("Make a competition plan, if several may apply")
        yield Waiting(word, center.name, url, call.published_at, call.opens_at)


def _failed_papers(actor: Actor) -> Iterator[Waiting]:
    """Papers that could not be made."""
    for paper in list_failed(actor):
        word = _("Have the paper made again")
        yield Waiting(word, paper.name, f"/papers/{paper.code}", paper.asked_at)


def _reviews(actor: Actor) -> Iterator[Waiting]:
    """What the expert was asked to review, and has not lodged."""
    for reviewer in list_own_reviews(actor):
        if reviewer.competition.state is not CompetitionState.REVIEWING:
            continue
        competition, url = reviewer.competition, f"/reviews/{reviewer.code}"
        word = _("Sign the conflict declaration")
        if reviewer.state is ReviewerState.DECLARED:
            word = _("Score the applications")
            if is_complete(reviewer):
                word, url = _("Lodge the scores"), f"{url}/lodge"
        if reviewer.state in (ReviewerState.ASKED, ReviewerState.DECLARED):
            name, due = competition.center.name, competition.score_by
            yield Waiting(word, name, url, reviewer.asked_at, due)


def _changes(state: ChangeState) -> Callable[[Actor], Iterator[Waiting]]:
    def read(actor: Actor) -> Iterator[Waiting]:
        word = {
            ChangeState.OPEN: _("Propose a replacement or an exception"),
            ChangeState.PROPOSED: _("Decide the personnel change"),
        }[state]
        for row in list_changes(actor, state, limit=20):
            about = f"{row.center} · {row.officer}"
            yield Waiting(word, about, f"/changes/{row.id}", None)

    return read


def _consents(actor: Actor) -> Iterator[Waiting]:
    """Consents that the organization is asked for."""
    for row in list_consents(actor, only_open=True, limit=20):
        about = f"{row.center} · {row.expert}"
        url = f"/consents/{row.id}"
        yield Waiting(_("Answer the request for consent"), about, url, row.asked_at)


def _filings(actor: Actor) -> Iterator[Waiting]:
    """Panels that were sent here to be filed."""
    for filing in list_filings(actor, only_open=True, limit=20):
        words = _("Note the filing of the panel")
        if filing.follows:
            words = _("Note the filing of a replacement")
        yield Waiting(words, filing.center, "/filings", filing.sent_at)


def _receipts(actor: Actor) -> Iterator[Waiting]:
    """Receipts of the own filings that come on paper."""
    for row in list_receipts_on_paper(actor.center_id or 0):
        word, url = _("Record the receipt of the filing"), f"/panels/{row.panel_id}"
        yield Waiting(word, row.center, url, row.sent_at)


def _member_changes(state: MemberChangeState) -> Callable[[Actor], Iterator[Waiting]]:
    def read(actor: Actor) -> Iterator[Waiting]:
        word = {
            MemberChangeState.OPEN: _("Name a successor or prove the exception"),
            MemberChangeState.PROPOSED: _("Decide the change in the panel"),
        }[state]
        for row in list_waiting_member_changes(actor, state):
            about = f"{row.center} · {row.expert}"
            yield Waiting(word, about, f"/member-changes/{row.id}", row.reported_at)

    return read


def _panels(*wanted: PanelState) -> Callable[[Actor], Iterator[Waiting]]:
    def read(actor: Actor) -> Iterator[Waiting]:
        words = {
            PanelState.DRAFT: _("Finish the roster and nominate"),
            PanelState.COLLECTING: _("Follow up the consents, then present the panel"),
            PanelState.UNDER_REVIEW: _("Review the panel"),
            PanelState.EXPIRING: _("Prepare the re-election"),
        }
        for state in wanted:
            for row in list_panels(actor, state=state, limit=20):
                if actor.role is Role.COMMISSION_OFFICER and row.place != actor.place:
                    continue
                due = end_of_day(row.term_end) if state is PanelState.EXPIRING else None
                yield Waiting(words[state], row.center, f"/panels/{row.id}", None, due)

    return read


def _invitations(actor: Actor) -> Iterator[Waiting]:
    """Meetings to which the desk is invited and has not answered."""
    for row in list_unanswered_invitations(actor):
        word, url = _("Answer the invitation"), f"/meetings/{row.id}"
        yield Waiting(word, row.title, url, None, row.starts_at)


def _meetings(*states: MeetingState) -> Callable[[Actor], Iterator[Waiting]]:
    """Meetings of the own center that wait for their next step."""

    def read(actor: Actor) -> Iterator[Waiting]:
        words = {
            MeetingState.PROPOSED: _("Prepare the meeting and send the notice"),
            MeetingState.HELD: _("Write the minutes"),
            MeetingState.DRAFTING: _("Finish the minutes"),
            MeetingState.CORRECTING: _("Sign the minutes"),
        }
        for row in list_own_meetings(actor, states):
            yield Waiting(words[row.state], row.title, f"/meetings/{row.id}", row.starts_at)

    return read


_OF_CENTER = (
    _invitations,
    _meetings(MeetingState.PROPOSED, MeetingState.HELD, MeetingState.DRAFTING),
    _panels(PanelState.DRAFT, PanelState.COLLECTING, PanelState.EXPIRING),
    _receipts,
    _member_changes(MemberChangeState.OPEN),
    _filings,
    _changes(ChangeState.OPEN),
    assessments.due(Due.ACCOUNT, Due.RETURNED, Due.TASK, Due.PLAN, Due.RECTIFY, Due.VERIFY),
    assessments.owed,
    _failed_papers,
)

_READERS: dict[Role, tuple[Callable[[Actor], Iterator[Waiting]], ...]] = {
    Role.COMMISSION_OFFICER: (
        _checks,
        _unplanned,
        _competitions,
        _decisions,
        _designations,
        _opinions,
        _panels(PanelState.UNDER_REVIEW),
        _consents,
        _changes(ChangeState.PROPOSED),
        _member_changes(MemberChangeState.PROPOSED),
        assessments.due(
            Due.SCALE,
            Due.APPEAL,
            Due.REVOCATION,
            Due.DOCUMENT,
            Due.REPORT,
            Due.ORDER,
            Due.VERIFY,
            Due.VIOLATION,
            Due.INQUIRY,
            Due.VERDICT,
        ),
        _failed_papers,
    ),
    Role.EVALUATION_OFFICER: (
        _checks,
        _unplanned,
        _competitions,
        _designations,
        _filings,
        assessments.due(Due.SEAT, Due.DOCUMENT, Due.ORDER, Due.VERIFY, Due.VIOLATION, Due.INQUIRY),
        _failed_papers,
    ),
    Role.INSTITUTION_OFFICER: (
        _own_applications,
        _open_calls,
        _consents,
        _changes(ChangeState.OPEN),
    ),
    Role.EXPERT: (_reviews, _invitations, assessments.due(Due.SEAT)),
    Role.CENTER_DIRECTOR: (
        *_OF_CENTER,
        _meetings(MeetingState.CORRECTING),
        assessments.due(Due.ORDER, Due.STATEMENT),
    ),
    Role.CENTER_SECRETARY: _OF_CENTER,
}


def is_soon(due: datetime | None, within: timedelta = timedelta(days=7)) -> bool:
    """Whether a deadline lies within the next days, or has passed."""
    return due is not None and due - clock.now() < within


def is_for(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition that a message is addressed to the actor's desk, or to the actor."""
    of_desk = Message.organization_id == actor.organization_id
    if actor.center_id is not None:
        of_center = sa.or_(Message.center_id.is_(None), Message.center_id == actor.center_id)
        of_desk = sa.and_(of_desk, of_center)
    own = Message.person_id == actor.person_id
    return sa.and_(Message.role == actor.role, sa.or_(of_desk, own))


@dataclass(frozen=True, slots=True)
class Entry:
    """What the inbox shows as one: a message, or all reminders of a day."""

    messages: tuple[Message, ...]

    @property
    def day(self) -> date | None:
        """The day of the reminders."""
        return self.messages[0].merged_on

    @property
    def is_unread(self) -> bool:
        """Whether any of it was not read."""
        return any(message.read_at is None for message in self.messages)


def list_entries(actor: Actor, *, only_unread: bool = False, limit: int = 100) -> list[Entry]:
    """The inbox, newest first: reminders stand together where the newest of their day stands."""
    groups: dict[tuple[date | None, int], list[Message]] = {}
    for message in list_messages(actor, only_unread=only_unread, limit=limit):
        key = (message.merged_on, 0) if message.merged_on else (None, message.id)
        groups.setdefault(key, []).append(message)
    return [Entry(tuple(found)) for found in groups.values()]


def list_messages(
    actor: Actor, *, only_unread: bool = False, limit: int = 100
) -> Sequence[Message]:
    """The messages to the desk and to who sits there, newest first."""
    found = sa.select(Message).where(is_for(actor))
    if only_unread:
        found = found.where(Message.read_at.is_(None))
    return db.session.scalars(found.order_by(Message.id.desc()).limit(limit)).all()
