"""The machine that is measured on."""

import os
import platform
from pathlib import Path


def describe() -> str:
    """Cores, memory, system and Python, without names."""
    cores = len(os.sched_getaffinity(0))
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cores} cores{_model()}, {gigabytes:.0f} GB memory, {platform.system()}"
        f" {platform.machine()}, Python {platform.python_version()}"
    )


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f" ({names[0]})" if names else ""


def load() -> float:
    """How many processes wanted a core in the last minute."""
    return os.getloadavg()[0]


def share_cores() -> tuple[set[int], int | None]:
    """The cores of the servers, and the one of the load: its own where there are more than two."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 2:
        return set(cores[:-1]), cores[-1]
    return set(cores), None
