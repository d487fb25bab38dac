"""The catalog of professional titles: which there are, in which series, of which rank.

``data/titles.csv`` says at its head where the names come from and how good they are. Reading what
somebody wrote in a cell (several titles, other spellings) is the affair of `qcc.experts.titles`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from qcc.regulations.catalogs import rows_of


class Rank(StrEnum):
    """The rank of a title, highest first; the words are those of rulebooks."""

    SENIOR = "正高"
    ASSOCIATE_SENIOR = "副高"
    INTERMEDIATE = "中级"
    JUNIOR = "初级"


class Series(StrEnum):
    """The profession in which a title is given."""

    MEDICAL = "medical"
    PHARMACY = "pharmacy"
    NURSING = "nursing"
    TECHNICIAN = "technician"
    RESEARCH = "research"
    TEACHING = "teaching"
    ENGINEERING = "engineering"
    EXPERIMENT = "experiment"
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Title:
    """A professional title; *aliases* are other words that people write for it."""

    name: str
    rank: Rank
    series: Series
    aliases: tuple[str, ...] = ()


@cache
def titles() -> tuple[Title, ...]:
    """All titles, by series, in each from the highest down."""
    return tuple(
        Title(
            row["name"],
            Rank(row["rank"]),
            Series(row["series"]),
            tuple(alias for alias in row["aliases"].split("|") if alias),
        )
        for row in rows_of("titles.csv")
    )


@cache
def titles_by_name() -> Mapping[str, Title]:
    """Each title by its name and by its aliases."""
    named = {word: title for title in titles() for word in (title.name, *title.aliases)}
    return MappingProxyType(named)
