"""Work of the clock in tests, as often as a test wants it."""

from collections.abc import Callable

from qcc.infra import clock
from qcc.infra.db import transaction
from qcc.kernel.periods import DAY, Period, period_at


def tonight(run: Callable[[Period], object]) -> str:
    """What a job says of the present day, in a transaction of its own."""
    with transaction():
        return str(run(period_at(clock.now(), DAY)))
