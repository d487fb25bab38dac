"""What can go wrong with a rendering: a stable code and parameters, worded at the edge."""

from typing import ClassVar


class PdfError(Exception):
    """A PDF was not made. *code* and *params* are rendered for the reader where they are shown."""

    code: ClassVar[str] = "pdf.failed"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class PdfTimeout(PdfError):
    """The document took longer than *seconds*; its renderer was stopped."""

    code = "pdf.timeout"


class PdfTooLarge(PdfError):
    """The document needed more than *megabytes* of memory; its renderer was stopped."""

    code = "pdf.too_large"


class PdfFailed(PdfError):
    """The renderer refused the document or died of it; *reason* is for the log, not the reader."""

    code = "pdf.failed"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason
