"""The one place that reads the clock. Everything else is given the moment or the date."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from qcc.kernel.dates import Clock, legal_date

_read: Clock = lambda: datetime.now(UTC)  # noqa: E731


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _read().astimezone(UTC)


def today() -> date:
    """The present legal date in Asia/Shanghai."""
    return legal_date(now())


@contextmanager
def reading(clock: Clock) -> Iterator[None]:
    """Let the product read *clock* instead of the system's while the block runs."""
    global _read
    before, _read = _read, clock
    try:
        yield
    finally:
        _read = before
