"""The parent's side: start a child for one workbook, wait, and believe only a sound answer.

A fresh interpreter for each workbook: it starts in some 20 milliseconds, inherits nothing from the
web worker (no fork of its memory, no sockets, no environment), and takes its limits upon itself
before it reads the first byte. The parent waits until the deadline and then kills it. Whatever
happens in the child, the parent's answer is a value or `SpreadsheetRefused`; only a broken
installation raises `SandboxBroken`.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from qcc.infra.spreadsheets.archive import damaged
from qcc.infra.spreadsheets.refusals import SheetLimits, SpreadsheetRefused
from qcc.infra.spreadsheets.worker import READY

_ROOT = Path(__file__).resolve().parents[3]
_LOG = logging.getLogger(__name__)


class SandboxBroken(Exception):
    """The child did not start: the installation is at fault, not the file."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a child answered: a report, and bytes if its job makes a file."""

    report: Mapping[str, Any]
    content: bytes


def run(module: str, data: bytes, limits: SheetLimits, arguments: Mapping[str, Any]) -> Reply:
    """Let the child program *module* work on *data*; raises SpreadsheetRefused."""
    head = json.dumps({"limits": asdict(limits), "arguments": arguments}).encode()
    # What a child leaves behind, killed or not, goes with its folder.
    with TemporaryDirectory() as folder, TemporaryFile() as answer, TemporaryFile() as complaints:
        child = _start(module, folder, answer, complaints)
        status = _attend(child, head + b"\n" + data, limits)
        answer.seek(0)
        if answer.readline() != READY:
            complaints.seek(0)
            raise SandboxBroken(complaints.read(4_000).decode(errors="replace"))
        return _believed(answer, status)


def _start(
    module: str, folder: str, answer: IO[bytes], complaints: IO[bytes]
) -> subprocess.Popen[bytes]:
    # -s and -P: neither the user's packages nor the current folder.
    command = [sys.executable, "-s", "-P", "-m", module]
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "TMPDIR": folder}
    return subprocess.Popen(  # noqa: S603 - our own program, no word of it from outside
        command,
        stdin=subprocess.PIPE,
        stdout=answer,
        stderr=complaints,
        cwd=folder,
        env=environment,
    )


def _attend(child: subprocess.Popen[bytes], task: bytes, limits: SheetLimits) -> int:
    """Give the child its task and wait for its end, which comes at the deadline at the latest."""
    with child:
        try:
            child.communicate(task, timeout=max(limits.seconds - 1, 0.1))
        except subprocess.TimeoutExpired:
            raise SpreadsheetRefused("too_slow", {"seconds": limits.seconds}) from None
        finally:
            child.kill()
    return child.returncode


def _believed(answer: IO[bytes], status: int) -> Reply:
    if status != 0:
        # Killed by the kernel or fallen over: out of memory, out of time, a reader's own fault.
        _LOG.warning("a workbook ended its reader with status %s", status)
        raise SpreadsheetRefused("too_complex")
    try:
        outcome = json.loads(answer.readline())
        if "refused" in outcome:
            raise SpreadsheetRefused(str(outcome["refused"]), dict(outcome["params"]))
        return Reply(dict(outcome["done"]), answer.read())
    except (ValueError, KeyError, TypeError) as error:
        raise damaged("answer") from error
