"""Two strikes: who fails in two calendar years in a row loses the hosting (M.20).

Strikes count on the hosting: a new host starts clean, and so does one that was chosen anew after a
revocation; a center that is renamed keeps its hosting, and with it its strikes; of a center that is
merged into another the hosting ends, and nothing of it counts for the other. Only final results
count: not while an appeal can be made or is pending, and after one that was upheld, what it came
to. A cancelled round has no result; a round that repeats another stands in its place.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

OUTCOMES = (
    ("Failed and final in two calendar years in a row, same host", "revocation is proposed"),
    ("A good year, or a year without a result, between two failed ones", "nothing"),
    ("The host changed between the two failed years", "nothing: the new host starts clean"),
    ("The same institution was chosen anew after a revocation", "nothing: a new hosting"),
    ("The appeal of one of the two years is pending, or can still be made", "nothing yet"),
    ("The appeal was upheld and the corrected total passes", "nothing"),
    ("The appeal was upheld and the corrected total fails", "revocation is proposed"),
    ("The round of one of the years was cancelled", "nothing: the year has no result"),
    ("A round was repeated", "only the later result counts, once it is final"),
    ("A result on which a proposal stands is repeated, or the hosting ends", "the proposal lapses"),
    ("The commission kept the host, and the next year fails too", "proposed again"),
    ("The center was renamed", "as before: strikes stay with the hosting"),
    ("The center was merged into another", "nothing of it counts for the other center"),
    ("A failed result led to a rectification, which was found effective", "the strike stays"),
    ("A violation is not founded, or founded and not serious", "strikes are as they were"),
    (
        "A serious violation (M.28), whatever the strikes",
        "hosting and panel end, a call opens; open proposals, orders and cases lapse",
    ),
    (
        "Two strikes, decided before a case of violation is",
        "the hosting ends, the panel stays; the case lapses",
    ),
    ("A result of a hosting that has ended becomes final later", "nothing"),
    ("A debrief evaluation (S.7) was failed", "nothing: it is no assessment in the sense of M.20"),
)
"""What the cases come to, for the documents; each has its test."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the assessment of a year said of a hosting. *order*: of several rounds of one year the
    later one stands in place of the earlier."""

    hosting: int
    year: int
    has_passed: bool
    is_final: bool = True
    is_cancelled: bool = False
    order: int = 0


@dataclass(frozen=True, slots=True)
class Strikes:
    """Two failed years in a row, for which the hosting is to be revoked."""

    hosting: int
    years: tuple[int, int]


def standing(verdicts: Iterable[Verdict]) -> Mapping[tuple[int, int], Verdict]:
    """By hosting and year, the one result that counts, final or not."""
    found: dict[tuple[int, int], Verdict] = {}
    for verdict in sorted(verdicts, key=lambda each: each.order):
        if not verdict.is_cancelled:
            found[verdict.hosting, verdict.year] = verdict
    return found


def failed_years(verdicts: Iterable[Verdict], hosting: int) -> tuple[int, ...]:
    """The years in which the hosting has failed for good, in order."""
    found = standing(verdicts)
    return tuple(
        sorted(
            year
            for (whose, year), verdict in found.items()
            if whose == hosting and verdict.is_final and not verdict.has_passed
        )
    )


def strikes_of(
    verdicts: Collection[Verdict],
    limit: int,
    decided: Collection[Strikes] = (),
    ended: Collection[int] = (),
) -> tuple[Strikes, ...]:
    """Where *limit* failed years in a row ask for a revocation that is not decided yet; never of
    hostings that have *ended*, by whatever cause.

    Of a longer row each pair asks once: who was let off for two years and fails a third time is
    proposed again. Only two years in a row are known to the regulation.
    """
    found = []
    for hosting in sorted({verdict.hosting for verdict in verdicts} - set(ended)):
        years = failed_years(verdicts, hosting)
        for year in years:
            row = range(year - limit + 1, year + 1)
            if all(each in years for each in row):
                strikes = Strikes(hosting, (row[0], year))
                if strikes not in decided:
                    found.append(strikes)
    return tuple(found)


def is_at_risk(verdicts: Collection[Verdict], hosting: int, year: int, limit: int) -> bool:
    """Whether a failure in *year* would be the last strike: all the years before that count have
    been failed for good."""
    years = failed_years(verdicts, hosting)
    return limit > 1 and all(each in years for each in range(year - limit + 1, year))
