"""When those who are there sign in by the code shown in the room, and whether enough are there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from qcc.kernel.dates import end_of_day, legal_date

BEFORE = timedelta(hours=1)
"""How long before the beginning the code is good; it is good to the end of that day."""


def signing_time(starts_at: datetime) -> tuple[datetime, datetime]:
    """From when, and before when, the code of a meeting is good."""
    return starts_at - BEFORE, end_of_day(legal_date(starts_at))


def is_signing_time(starts_at: datetime, now: datetime) -> bool:
    """Whether the code is good now."""
    begins, ends = signing_time(starts_at)
    return begins <= now < ends


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many are *present* of those *invited* to attend, where the rulebook asks for at least
    *share* percent of them."""

    present: int
    invited: int
    share: int

    @property
    def needed(self) -> int:
        """How many have to be there."""
        return -(-self.share * self.invited // 100)

    @property
    def is_reached(self) -> bool:
        return self.present >= self.needed
