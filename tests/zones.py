"""The zone to which the machine is set: it must make no difference."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

ZONES = ("UTC", "Asia/Shanghai", "America/New_York")


@contextmanager
def machine_in(zone: str) -> Iterator[None]:
    """The machine is set to the zone while the block runs."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()
