"""The child's side of the sandbox: limits first, then one job, then the end.

The job comes on standard input: one line of JSON, then the workbook's bytes. The answer goes to
standard output: the line `ready` (the program itself is sound, whatever follows is the file's
doing), one line of JSON, then bytes. Nothing is pickled: a child that read a hostile file is not
trusted more than the file.
"""

import json
import resource
import sys
import warnings
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from qcc.infra.spreadsheets.refusals import MEGABYTE, SheetLimits, SpreadsheetRefused

READY = b"ready\n"
_LARGEST_ANSWER = 128 * MEGABYTE

Answer = tuple[Mapping[str, Any], bytes]
Job = Callable[[bytes, SheetLimits, Mapping[str, Any]], Answer]


def serve(job: Job) -> None:
    """Do one job under limits and say how it went; every failure of the file is an answer."""
    warnings.simplefilter("ignore")  # readers warn about features they drop
    head = json.loads(sys.stdin.buffer.readline())
    limits = SheetLimits(**head["limits"])
    _confine(limits)
    _say(READY)
    report, content = _outcome(job, sys.stdin.buffer.read(), limits, head["arguments"])
    _say(json.dumps(report).encode() + b"\n", content)


def repack(parts: Mapping[str, bytes]) -> BytesIO:
    """An uncompressed archive of exactly the parts that were inspected."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    packed.seek(0)
    return packed


def _confine(limits: SheetLimits) -> None:
    """Take away what reading a workbook does not need; the kernel ends who goes on."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, _LARGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(kind, (most, most))


def _outcome(
    job: Job, data: bytes, limits: SheetLimits, arguments: Mapping[str, Any]
) -> tuple[Mapping[str, Any], bytes]:
    try:
        report, content = job(data, limits, arguments)
    except SpreadsheetRefused as refused:
        return {"refused": refused.code, "params": refused.params}, b""
    except (MemoryError, RecursionError, OSError):  # out of memory, depth, or room for files
        return {"refused": "too_complex", "params": {}}, b""
    except BaseException as error:  # a panic in a reader is no Exception
        reason = f"{type(error).__name__}: {error}"[:200]
        return {"refused": "damaged", "params": {"reason": reason}}, b""
    return {"done": report}, content


def _say(*pieces: bytes) -> None:
    for piece in pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
