"""PDF papers from HTML. The one door to WeasyPrint, which lives in a process of its own.

Whoever renders gets a warm child process, kept for the next rendering and replaced after
``RECYCLE_AFTER`` of them (the library's memory grows). The child is held to limits of time and
memory and ended when it passes them; the caller gets an error and lives on. Nothing is fetched from
anywhere: a document may use the *assets* handed over with it, as ``asset:name``, and nothing else.
The same input gives the same bytes, so that the hash of an issued paper means something.
"""

import atexit
import logging
import os
import threading
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qcc.infra.pdf.child import Answer, Child, ChildLost, Job, PdfLimits
from qcc.infra.pdf.errors import PdfError, PdfFailed, PdfTimeout, PdfTooLarge
from qcc.infra.pdf.papers import paper_html

__all__ = [
    "PdfError",
    "PdfFailed",
    "PdfLimits",
    "PdfTimeout",
    "PdfTooLarge",
    "paper_html",
    "render_at_once",
    "render_pdf",
]

RECYCLE_AFTER = 20

_log = logging.getLogger(__name__)
_NO_ASSETS: Mapping[str, bytes] = MappingProxyType({})
_DEFAULT = PdfLimits()


class _Warm:
    """A child of this process, which renders one document after the other."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.child: Child | None = None

    def render(self, job: Job) -> Answer:
        """Render with the warm child, or with a new one; whoever asks holds the lock, and it is
        given back here."""
        try:
            return self._living().render(job)
        except ChildLost:
            self.stop()
            return self._living().render(job)
        finally:
            self._tidy()
            self.lock.release()

    def _living(self) -> Child:
        if self.child is None or not self.child.is_alive():
            self.stop()
            self.child = Child()
        return self.child

    def _tidy(self) -> None:
        """End a child that failed; replace a used-up one now, so that the next caller finds it."""
        if self.child is not None and not self.child.usable:
            self.stop()
        elif self.child is not None and self.child.rendered >= RECYCLE_AFTER:
            self.stop()
            self.child = Child()

    def stop(self) -> None:
        """End the child; at exit too, whatever it is doing."""
        if self.child is not None:
            self.child.stop()
            self.child = None

    def forget(self) -> None:
        """In a forked process: the child and its socket belong to the parent."""
        if self.child is not None:
            self.child.abandon()
        self.__init__()  # type: ignore[misc]


_warm = _Warm()
_warms = [_warm]
"""Those of this process. One, as long as nobody asks for more: then renderings wait for each
other."""


def render_at_once(count: int) -> None:
    """From now on threads of this process render so many documents at a time."""
    _warms.extend(_Warm() for _ in range(count - len(_warms)))


def _taken(seconds: float) -> _Warm:
    """One that renders nothing now, or the first as soon as it is free; raises PdfTimeout."""
    for warm in _warms:
        if warm.lock.acquire(blocking=False):
            return warm
    if not _warm.lock.acquire(timeout=seconds):
        raise PdfTimeout(seconds=seconds)
    return _warm


def _stop_all() -> None:
    for warm in _warms:
        warm.stop()


def _forget_all() -> None:
    for warm in _warms:
        warm.forget()


atexit.register(_stop_all)
os.register_at_fork(after_in_child=_forget_all)


def render_pdf(
    html: str,
    *,
    stylesheets: Sequence[str] = (),
    assets: Mapping[str, bytes] = _NO_ASSETS,
    limits: PdfLimits = _DEFAULT,
) -> bytes:
    """Render *html* to PDF. Raises PdfTimeout, PdfTooLarge or PdfFailed.

    *stylesheets* are texts; *assets* maps names to contents, used as ``asset:name``. Dates stand in
    the file only if the document says them (``<meta name="dcterms.created">``).
    """
    answer = _taken(limits.seconds).render(Job(html, stylesheets, assets, limits))
    for url in answer.refused:
        _log.warning("a document asked for %r and was refused", url)
    for letter in answer.tofu:
        _log.warning("no font has a letter of a document: %s", letter)
    return answer.pdf
