"""How large a province is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each; history, officers and papers follow from the applications."""

    centers: int
    institutions: int
    applications: int


FULL = Size(centers=2500, institutions=3000, applications=20_000)
"""The province that the product must carry."""

SMOKE = Size(centers=110, institutions=90, applications=240)
"""Large enough that every list has more than one page."""

SMALL = Size(centers=20, institutions=60, applications=100)
"""What the full province is compared with, to see that queries do not grow."""
