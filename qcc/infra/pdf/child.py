"""A process's renderer as the process sees it: started, asked, stopped."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qcc.infra.pdf import wire
from qcc.infra.pdf.errors import PdfError, PdfFailed, PdfTimeout, PdfTooLarge
from qcc.infra.pdf.fonts import PROJECT, fontconfig_file

START_SECONDS = 60.0  # imports, and on a new machine the fonts' first scan


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """How long one document may take (seconds) and how much memory it may fill (megabytes)."""

    seconds: float = 30
    megabytes: int = 1024


@dataclass(frozen=True, slots=True)
class Job:
    """One document to render and the bounds it is held to."""

    html: str
    stylesheets: Sequence[str]
    assets: Mapping[str, bytes]
    limits: PdfLimits

    def message(self) -> wire.Message:
        """The job as it goes over the wire."""
        head = {
            "seconds": self.limits.seconds,
            "megabytes": self.limits.megabytes,
            "styles": len(self.stylesheets),
            "assets": list(self.assets),
        }
        texts = [self.html.encode(), *(style.encode() for style in self.stylesheets)]
        return head, [*texts, *self.assets.values()]


@dataclass(frozen=True, slots=True)
class Answer:
    """A PDF, the URLs that were refused to it and the letters that no font has."""

    pdf: bytes
    refused: list[str]
    tofu: list[str]


class ChildLost(PdfFailed):
    """The renderer ended before it took the document: another one may well succeed."""


class Child:
    """One renderer process; usable until a rendering ends in anything but an answer."""

    def __init__(self) -> None:
        self.rendered = 0
        self.usable = True
        self._ready = False
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 -- lives as long as the child
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 -- our own module
                [sys.executable, "-s", "-P", "-m", "qcc.infra.pdf.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd="/",
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the server, which then ends its child
            )

    @property
    def pid(self) -> int:
        """The process id of the renderer."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether it can be asked for another document."""
        return self.usable and self._process.poll() is None

    def render(self, job: Job) -> Answer:
        """The PDF, and what was wrong in it. Raises PdfError."""
        self.usable = False
        head, blobs = self._answer(job)
        if head.get("error") == "memory":
            raise PdfTooLarge(megabytes=job.limits.megabytes)
        self.usable = True
        self.rendered += 1
        if "error" in head:
            raise PdfFailed(head["error"])
        return Answer(blobs[0], head["refused"], head["tofu"])

    def _answer(self, job: Job) -> wire.Message:
        taken = False
        try:
            self._wait_until_ready()
            deadline = time.monotonic() + job.limits.seconds
            wire.send(self._channel, *job.message(), deadline=deadline)
            wire.receive(self._channel, deadline=deadline)
            taken = True
            return wire.receive(self._channel, deadline=deadline)
        except TimeoutError:
            raise PdfTimeout(seconds=job.limits.seconds) from None
        except (EOFError, ConnectionError):
            raise self._cause_of_death(job.limits, taken) from None

    def _wait_until_ready(self) -> None:
        """Starting is not the document's fault and does not count against its time."""
        if not self._ready:
            wire.receive(self._channel, deadline=time.monotonic() + START_SECONDS)
            self._ready = True

    def _cause_of_death(self, limits: PdfLimits, taken: bool) -> PdfError:
        """Read the renderer's end: the limits speak through signals, native code through stderr."""
        code = self._process.wait(timeout=START_SECONDS)
        said = self._last_words()
        if not taken:
            return ChildLost(f"the renderer ended with {code}: {said[-300:]}")
        if code == -signal.SIGXCPU:
            return PdfTimeout(seconds=limits.seconds)
        if code == -signal.SIGKILL or "alloc" in said or "MemoryError" in said:
            return PdfTooLarge(megabytes=limits.megabytes)
        return PdfFailed(f"the renderer ended with {code}: {said[-300:]}")

    def _last_words(self) -> str:
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace").strip()

    def stop(self) -> None:
        """End the process at once; there is nothing in it to save."""
        self._process.kill()
        self._process.wait()
        self._close()

    def abandon(self) -> None:
        """After a fork: let go of the parent's renderer without touching it."""
        self._process.returncode = 0  # not ours to wait for
        self._close()

    def _close(self) -> None:
        self.usable = False
        self._channel.close()
        self._errors.close()


def _environment() -> dict[str, str]:
    """Only what rendering needs: no secret key, no database address, no user's font settings."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",
        "PYTHONPATH": str(PROJECT),
        "PYTHONHASHSEED": "0",  # the same document gives the same bytes
        "FONTCONFIG_FILE": str(fontconfig_file()),
    }
