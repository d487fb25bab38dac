"""The stored result of a competition as pages show it: plain names and words out of its codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qcc.applications.models import Competition, Reviewer
from qcc.applications.queries import list_lodged, list_reviewed
from qcc.applications.workflow import ReviewerState


@dataclass(frozen=True, slots=True)
class Cell:
    """A score as it stands in the table."""

    points: str | None
    is_dropped: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A criterion with the scores of the reviewers, in their order."""

    title: str
    weight: int
    most: int
    cells: tuple[Cell, ...]
    mean: str | None
    spread: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """A remark of a reviewer at a criterion."""

    criterion: str
    reviewer: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownResult:
    """One application's result. *totals* are the reviewers' own, in their order; *far* names
    those who lie further from the others than the plan's bound."""

    code: str
    number: str
    institution: str
    total: str
    rank: int
    tied: tuple[str, ...]
    is_below_minimum: bool
    rows: tuple[ShownRow, ...]
    totals: tuple[str | None, ...]
    far: tuple[str, ...]
    remarks: tuple[Said, ...]


def lodged_reviewers(competition: Competition) -> list[Reviewer]:
    """The reviewers whose scores count, in their order."""
    return [r for r in competition.reviewers if r.state is ReviewerState.LODGED]


def shown_results(competition: Competition, names: Mapping[str, str]) -> list[ShownResult]:
    """The stored result, the best first. *names*: the lodged reviewers, by code, as the reader may
    know them."""
    institutions = {row["application"]: row["institution"] for row in competition.result}
    remarks = _remarks(competition, names)
    return [
        ShownResult(
            code=row["application"],
            number=row["number"],
            institution=row["institution"],
            total=row["total"],
            rank=row["rank"],
            tied=tuple(institutions[code] for code in row["tied"]),
            is_below_minimum=row["below_minimum"],
            rows=tuple(_row(competition, cells, list(names)) for cells in row["rows"]),
            totals=tuple(row["totals"].get(code) for code in names),
            far=tuple(names[code] for code in names if code in row["far"]),
            remarks=tuple(said for code, said in remarks if code == row["application"]),
        )
        for row in competition.result
    ]


def _row(competition: Competition, row: Mapping[str, Any], codes: Sequence[str]) -> ShownRow:
    criterion = next(c for c in competition.criteria if c.id == row["criterion"])
    return ShownRow(
        criterion.title,
        criterion.weight,
        criterion.most,
        tuple(Cell(_short(row["scores"].get(code)), code in row["dropped"]) for code in codes),
        row["mean"],
        _short(row["spread"]),
    )


def _short(points: str | None) -> str | None:
    """Points without a decimal that says nothing."""
    return None if points is None else points.removesuffix(".0")


def _remarks(competition: Competition, names: Mapping[str, str]) -> list[tuple[str, Said]]:
    """The remarks, by the code of their application."""
    reviewers = {reviewer.id: names[reviewer.code] for reviewer in lodged_reviewers(competition)}
    titles = {criterion.id: criterion.title for criterion in competition.criteria}
    codes = {entry.id: entry.code for entry in list_reviewed(competition)}
    return [
        (codes[row.application_id], Said(titles[row.criterion_id], reviewers[row.reviewer_id],
                                         row.remark))
        for row in list_lodged(list(reviewers))
        if row.remark and row.application_id in codes
    ]  # fmt: skip
