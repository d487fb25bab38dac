"""Who goes first where there are fewer cores than work: pages before what nobody waits for."""

import os
from contextlib import suppress
from pathlib import Path

_SESSION = Path("/proc/self/autogroup")


def step_behind(nice: int) -> None:
    """This process and all that it starts from now on gives way to others: 0 is usual, 19 the most.
    With 10, a page that wants the core gets about nine tenths of it, and at once; while no page
    wants it, the worker has all of it."""
    os.nice(max(nice - os.getpriority(os.PRIO_PROCESS, 0), 0))
    give_way()


def give_way() -> None:
    """What leads a session of its own is weighed by Linux as a session, whatever its processes
    say of themselves (autogroup): let the session say the same. Elsewhere there is no such file."""
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    if nice > 0 and os.getsid(0) == os.getpid():
        with suppress(OSError):
            _SESSION.write_text(str(nice), "ascii")
