"""What became of an application, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.province.bodies import Desk, Institution
from bench.province.centers import DECIDED_AFTER, PlacedCall, Planned
from qcc.applications.workflow import ApplicationState

S = ApplicationState
DAY = timedelta(days=1)

# How far the applications of a call that is open have come.
UNDER_WAY = (S.SUBMITTED, S.ACCEPTED, S.DRAFT, S.UNDER_DECISION, S.RETURNED)


@dataclass(frozen=True, slots=True)
class Life:
    """An application to be written: who applies for what, and how it ended so far."""

    center: Planned
    call: PlacedCall
    institution: Institution
    state: ApplicationState
    begun: datetime
    corrects: bool

    @property
    def submitted(self) -> datetime:
        return self.begun + 2 * DAY

    @property
    def decided(self) -> datetime:
        return self.call.opened + DECIDED_AFTER

    @property
    def was_submitted(self) -> bool:
        return self.state is not S.DRAFT

    @property
    def is_decided(self) -> bool:
        return self.state in (S.APPROVED, S.REFUSED)

    @property
    def was_checked(self) -> bool:
        return self.is_decided or self.state in (S.ACCEPTED, S.UNDER_DECISION)

    @property
    def rounds(self) -> int:
        """How many times it was submitted."""
        return 0 if not self.was_submitted else 2 if self.corrects and self.was_checked else 1

    @property
    def was_returned(self) -> bool:
        return self.rounds == 2 or self.state is S.RETURNED


Step = tuple[str, S, S, Desk, datetime]


def steps_of(life: Life) -> Iterator[Step]:
    """action, state before, state after, who, when."""
    if not life.was_submitted:
        return
    applicant, reception = life.institution.desk, life.call.reception
    yield "submit", S.DRAFT, S.SUBMITTED, applicant, life.submitted
    if life.was_returned:
        yield "return", S.SUBMITTED, S.RETURNED, reception, life.submitted + 3 * DAY
    if life.rounds == 2:
        yield "resubmit", S.RETURNED, S.SUBMITTED, applicant, life.submitted + 6 * DAY
    if life.state is S.WITHDRAWN:
        yield "withdraw", S.SUBMITTED, S.WITHDRAWN, applicant, life.submitted + 7 * DAY
    if life.was_checked:
        yield from _after_check(life)


def _after_check(life: Life) -> Iterator[Step]:
    reception, checked = life.call.reception, life.submitted + 8 * DAY
    yield "accept", S.SUBMITTED, S.ACCEPTED, reception, checked
    if life.state is S.ACCEPTED:
        return
    yield "propose", S.ACCEPTED, S.UNDER_DECISION, reception, checked + DAY
    if life.state is S.APPROVED:
        yield "approve", S.UNDER_DECISION, S.APPROVED, life.call.issuer, life.decided
    elif life.state is S.REFUSED:
        yield "refuse", S.UNDER_DECISION, S.REFUSED, life.call.issuer, life.decided
