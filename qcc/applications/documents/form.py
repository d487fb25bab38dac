"""The application form: what stands in each cell of it.

The form is the annex to the Measures (art. 9). Its cells have fixed heights, so that it is always
one page; what does not go into a cell continues on attached pages (可附页), where nothing is lost.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qcc.infra.pdf import paper_html
from qcc.infra.pdf.fitting import MM_PER_POINT, Box, Face, Fitted, fit

# The grid of the annex, in millimetres: one label column, then label and value three times.
COLUMNS = (32.0, 14.0, 24.0, 14.0, 34.0, 14.0, 34.0)
ROWS = (13.0, 11.0, 13.0, 13.0, 11.0, 13.0, 11.0, 30.0, 66.0, 42.0)
PADDING = 1.8  # at each side of a cell
HINT = 6.0  # the line （可附页） on top of the reason's cell

_NAME = (
    Face(12, most_lines=1),
    Face(10.5, most_lines=1),
    Face(12, 1.2),
    Face(10.5, 1.2),
    Face(9, 1.2),
    Face(7.5, 1.15),
)
_PROSE = (Face(10.5, 1.25), Face(9, 1.25))
_REASON = (Face(12, 1.5), Face(10.5, 1.45))
TITLE_POINTS = 22.0


@dataclass(frozen=True, slots=True)
class DirectorEntry:
    """拟任“中心”主任基本情况."""

    name: str
    post: str
    title: str
    area_in_charge: str


@dataclass(frozen=True, slots=True)
class ExecutiveDeputyEntry:
    """拟任“中心”常务副主任基本情况."""

    name: str
    post: str
    title: str
    specialty: str
    ability: str


@dataclass(frozen=True, slots=True)
class FormPaper:
    """Everything that stands on one 设置申请表. A draft carries no number and no hash."""

    title_province: str
    institution_name: str
    legal_representative: str
    is_national_center_host: bool
    is_national_center_lead: bool
    center_name: str
    director: DirectorEntry
    executive_deputy: ExecutiveDeputyEntry
    reason: str
    submission_number: str = ""
    content_hash: str = ""
    submitted_on: date | None = None
    draft: bool = False
    verification: str = ""

    @property
    def title_lines(self) -> tuple[str, str]:
        """The form's title, in the annex's two lines."""
        return f"{self.title_province}医疗质量控制中心和医疗技术指导中心", "设置申请表"


def application_form_html(paper: FormPaper) -> str:
    """The form and its attached pages as one self-contained HTML document."""
    cells = _cells(paper)
    return paper_html(
        "application_form",
        paper=paper,
        columns=COLUMNS,
        rows=ROWS,
        padding=PADDING,
        title_points=_title_points(paper.title_lines[0]),
        cells=cells,
        attached=tuple(_attached(cells)),
    )


def _title_points(line: str) -> float:
    """2号 (22 pt), or less where a long name of a province would not stand in one line."""
    return min(TITLE_POINTS, round(sum(COLUMNS) / MM_PER_POINT / len(line) - 0.3, 1))


def _cells(paper: FormPaper) -> dict[str, Fitted]:
    director, deputy = paper.director, paper.executive_deputy
    return {
        "institution": fit(paper.institution_name, _box(0, 1, 4), _NAME),
        "legal_representative": fit(paper.legal_representative, _box(0, 5, 7), _NAME),
        "center": fit(paper.center_name, _box(3, 1, 7), _NAME),
        "director_name": fit(director.name, _box(4, 2, 3), _NAME),
        "director_post": fit(director.post, _box(4, 4, 5), _NAME),
        "director_title": fit(director.title, _box(4, 6, 7), _NAME),
        "director_area": fit(director.area_in_charge, _box(5, 2, 7), _NAME),
        "deputy_name": fit(deputy.name, _box(6, 2, 3), _NAME),
        "deputy_post": fit(deputy.post, _box(6, 4, 5), _NAME),
        "deputy_title": fit(deputy.title, _box(6, 6, 7), _NAME),
        "deputy_specialty": fit(deputy.specialty, _box(7, 2, 3), _NAME),
        "deputy_ability": fit(deputy.ability, _box(7, 4, 7), _PROSE),
        "reason": fit(paper.reason, _box(8, 1, 7, indent=2, top=HINT), _REASON),
    }


def _box(row: int, first: int, end: int, *, indent: int = 0, top: float = 0.0) -> Box:
    """The inside of the cell of *row* that spans the columns from *first* to before *end*."""
    width = sum(COLUMNS[first:end]) - 2 * PADDING
    return Box(width, ROWS[row] - 2 - top, indent)


# What an attached page is headed with; the reason comes first, as the form provides for it.
_HEADINGS = {
    "reason": "申请理由",
    "deputy_ability": "拟任“中心”常务副主任专业水平能力",
    "institution": "医疗机构名称",
    "legal_representative": "法定代表人",
    "center": "拟申请“中心”名称",
    "director_name": "拟任“中心”主任姓名",
    "director_post": "拟任“中心”主任职务",
    "director_title": "拟任“中心”主任职称",
    "director_area": "拟任“中心”主任分管工作",
    "deputy_name": "拟任“中心”常务副主任姓名",
    "deputy_post": "拟任“中心”常务副主任职务",
    "deputy_title": "拟任“中心”常务副主任职称",
    "deputy_specialty": "拟任“中心”常务副主任从事专业",
}


def _attached(cells: dict[str, Fitted]) -> Iterator[tuple[str, Fitted]]:
    for name, heading in _HEADINGS.items():
        if cells[name].rest:
            yield f"{heading}（续）", cells[name]


def form_paper(content: Mapping[str, Any]) -> FormPaper:
    """The form out of what was fixed when the paper was asked for."""

    def text(key: str) -> str:
        return str(content[key] or "")

    return FormPaper(
        title_province=text("title_province"),
        institution_name=text("institution_name"),
        legal_representative=text("legal_representative"),
        is_national_center_host=bool(content["national_qc_host"]),
        is_national_center_lead=bool(content["national_center_lead"]),
        center_name=text("center_name"),
        director=DirectorEntry(
            name=text("director_name"),
            post=text("director_post"),
            title=text("director_title"),
            area_in_charge=text("director_area"),
        ),
        executive_deputy=ExecutiveDeputyEntry(
            name=text("executive_name"),
            post=text("executive_post"),
            title=text("executive_title"),
            specialty=text("executive_specialty"),
            ability=text("executive_ability"),
        ),
        reason=text("reason"),
        submission_number=text("submission_number"),
        content_hash=text("content_hash"),
        submitted_on=date.fromisoformat(text("submitted_on")),
        verification=str(content.get("verification", "")),
    )
