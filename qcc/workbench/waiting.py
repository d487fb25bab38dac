"""What the workbench says of a thing that waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for the desk: what it is, where it leads, since when, until when."""

    what: str
    about: str
    url: str
    since: datetime | None
    due: datetime | None = None

    @property
    def last_moment(self) -> datetime | None:
        """The last second that is in time: *due* itself, 0:00 of the next day, no longer is."""
        return self.due and self.due - timedelta(seconds=1)
