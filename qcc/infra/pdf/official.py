"""Official papers in the format of GB/T 9704-2012, 党政机关公文格式.

The frame of any paper that a commission issues: masthead, number, title, addressee, body,
attachments, issuer and date with room for the seal, page numbers. The features say what stands in
it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from markupsafe import Markup

from qcc.infra.pdf.fitting import Box, Face, fit
from qcc.infra.pdf.papers import paper_html
from qcc.infra.pdf.qr import qr_svg

TYPE_AREA = 156.0  # millimetres
MASTHEAD_POINTS = 46.0
DATE_FROM_RIGHT = 4.0  # 成文日期右空四字


@dataclass(frozen=True, slots=True)
class Heading:
    """A structured paragraph: level 1 一、 in 黑体, 2 （一） in 楷体, 3 and 4 as the body."""

    level: Literal[1, 2, 3, 4]
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the body: its head repeats on each page and its rows do not split.

    *widths* are shares of the type area; columns of *words* are set from the left, all others
    centered.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    words: frozenset[int] = frozenset()


Paragraph = str | Heading | Table


@dataclass(frozen=True, slots=True)
class OfficialPaper:
    """What stands on an official paper.

    *title* may contain line breaks where its sense parts best; without them its lines come out
    even. *addressee* has no colon. *masthead* follows the issuer at the head: 文件, or 会议纪要.
    *qr_svg* is markup of our own making, never a user's. The last *tail* paragraphs and what is
    signed below them stand on one page.
    """

    issuer: str
    number: str
    title: str
    addressee: str
    paragraphs: Sequence[Paragraph]
    signed_by: str
    signed_on: date
    attachments: Sequence[str] = ()
    qr_svg: Markup | None = None
    verification: str = ""
    masthead: str = "文件"
    tail: int = 1

    @property
    def signed_on_words(self) -> str:
        """2026年3月1日, without leading zeros."""
        return f"{self.signed_on.year}年{self.signed_on.month}月{self.signed_on.day}日"


def proof(content: Mapping[str, Any], *, otherwise: str = "") -> dict[str, Any]:
    """Number, QR code and the words beside it, out of what every paper is rendered with.

    *otherwise* stands where the number would, on a paper that has none.
    """
    return {
        "number": content.get("paper_number") or otherwise,
        "qr_svg": qr_svg(content["verify_url"]),
        "verification": f"核验码：{content['verification']}\n核验网址：{content['verify_url']}",
    }


def official_paper_html(paper: OfficialPaper) -> str:
    """The paper as one self-contained HTML document; the date of signing is the file's date."""
    line = Box(TYPE_AREA, 200)
    title = [fit(text, line, [Face(22, 1.3)]) for text in paper.title.splitlines()]
    return paper_html(
        "official_paper",
        paper=paper,
        masthead_points=_masthead_points(f"{paper.issuer}{paper.masthead}"),
        title=title,
        signature_right=_signature_right(paper),
    )


def _masthead_points(text: str) -> float:
    """The issuer's name in one line of the type area."""
    return round(min(MASTHEAD_POINTS, 440 / len(text)), 1)


def _signature_right(paper: OfficialPaper) -> float:
    """How far from the right, in characters: the date four, the issuer centered over the date."""
    date_width = 3 + 0.55 * (len(paper.signed_on_words) - 3)
    overhang = max(len(paper.signed_by) - date_width, 0) / 2
    return max(DATE_FROM_RIGHT - overhang, 0)
