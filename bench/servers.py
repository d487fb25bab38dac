"""Web servers to measure: gunicorn with the product's own settings, on a free loopback port."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import config
from tests.databases import free_port

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running gunicorn: where it listens, and its master process."""

    port: int
    master: int

    def memory(self) -> float:
        """Resident memory of the workers together, in megabytes; 0 where /proc does not tell."""
        return sum(_resident(worker) for worker in _children(self.master)) / 1024


def _children(pid: int) -> list[int]:
    try:
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _resident(pid: int) -> int:
    """Kilobytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0
    lines = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(lines[0]) if lines else 0


@contextmanager
def serving(
    application: str, environment: Mapping[str, str], log: Path, cores: set[int]
) -> Iterator[Server]:
    """Serve *application* (as gunicorn names it) while the block runs, on the given cores."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", application]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command,
            cwd=config.ROOT,
            env={**environment, "PORT": str(port), "PYTHONPATH": str(config.ROOT)},
            stdout=sink,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )
    try:
        _wait(process, port, log)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until it answers; raises RuntimeError with its own words if it does not start."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            fetch(port, "/health")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")


def fetch(port: int, path: str, cookie: str = "") -> tuple[int, str]:
    """One page: its status and text."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
