"""How the centers of a round stand to each other: rank within a kind, and how many in each band."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from qcc.evaluations.rules.scoring import Scale


def ranks(totals: Mapping[int, Decimal], kinds: Mapping[int, str]) -> dict[int, int]:
    """By center, its rank among those of its kind; equal totals share a rank, and the next is left
    out."""
    return {
        center: 1
        + sum(other > total for key, other in totals.items() if kinds[key] == kinds[center])
        for center, total in totals.items()
    }


def distribution(totals: Sequence[Decimal], scale: Scale) -> list[tuple[str, int]]:
    """How many centers are in each band, from the highest; then, under an empty name, those that
    passed below all bands; those that did not pass are not among them."""
    passed = [total for total in totals if scale.has_passed(total)]
    names = [grade.name for grade in scale.grades]
    found = {name: sum(scale.grade_of(total) == name for total in passed) for name in names}
    rest = sum(not scale.grade_of(total) for total in passed)
    return [*found.items(), *([("", rest)] if rest else [])]
