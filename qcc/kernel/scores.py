"""Points that several persons give: what is dropped, and how a sum is rounded.

Exact fractions throughout; only what stands on paper has two decimals, rounded half up.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")
LEAST_FOR_DROPPING = 3
"""With fewer scores the extremes are kept: something has to be left."""


def rounded(value: Fraction) -> Decimal:
    """Two decimals, half up: exactly, whatever the fraction."""
    hundredths = value * 100
    whole, rest = divmod(hundredths.numerator, hundredths.denominator)
    if 2 * rest >= hundredths.denominator:
        whole += 1
    return (Decimal(whole) / 100).quantize(CENT, ROUND_HALF_UP)


def extremes(given: Mapping[str, Decimal]) -> frozenset[str]:
    """Whose score is the highest and whose the lowest; of equal ones the first. Of fewer than
    three, nobody's."""
    if len(given) < LEAST_FOR_DROPPING:
        return frozenset()
    highest = max(given, key=lambda who: given[who])
    lowest = min((who for who in given if who != highest), key=lambda who: given[who])
    return frozenset({highest, lowest})


def mean(scores: Mapping[str, Decimal], dropped: frozenset[str]) -> Fraction | None:
    """The mean of the scores that are not dropped; None of none."""
    kept = [Fraction(score) for who, score in scores.items() if who not in dropped]
    return sum(kept, Fraction()) / len(kept) if kept else None
