"""Catalogs: places, specialties of centers, grades and categories of institutions.

Each file in ``data/`` says at its head where its facts come from and how good they are.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from qcc.kernel.places import Level

FOLDER = Path(__file__).with_name("data")


class CenterKind(StrEnum):
    """The two kinds of center that the measures know (Measures, art. 2)."""

    QUALITY_CONTROL = "quality_control"
    TECHNICAL_GUIDANCE = "technical_guidance"


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division by its GB/T 2260 code; *parent* is None for the nation."""

    code: str
    name: str
    level: Level
    parent: str | None


@dataclass(frozen=True, slots=True)
class SpecialtyEntry:
    """A specialty in which centers of one kind are set up.

    *required_in_counties*: every county must have such a center (Hangzhou plan, 2018-2020);
    *tcm*: one of traditional Chinese medicine.
    """

    name: str
    kind: CenterKind
    required_in_counties: bool
    tcm: bool


@dataclass(frozen=True, slots=True)
class HospitalEntry:
    """A public hospital for the demonstration; its grade is not verified against a register."""

    name: str
    division: str
    grade: str
    category: str


GRADES = (
    "三级甲等",
    "三级乙等",
    "三级丙等",
    "三级",
    "二级甲等",
    "二级乙等",
    "二级丙等",
    "二级",
    "一级甲等",
    "一级乙等",
    "一级丙等",
    "一级",
    "未定级",
)
"""Grades of institutions, best first; a level without a class was not yet reviewed."""

UNGRADED = GRADES[-1]

CATEGORIES = (
    "综合",
    "中医",
    "中西医结合",
    "妇产",
    "儿童",
    "妇幼保健",
    "肿瘤",
    "口腔",
    "眼科",
    "精神",
    "传染病",
    "康复",
    "其他专科",
    "疾病预防控制",
    "采供血",
    "急救",
    "基层医疗卫生",
    "其他",
)
"""Categories of medical and health institutions."""


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file in ``data/``; lines that begin with # say where they come from."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


@cache
def divisions() -> tuple[Division, ...]:
    """All known divisions, a parent always before its children."""
    return tuple(
        Division(row["code"], row["name"], Level(row["level"]), row["parent"] or None)
        for row in rows_of("divisions_zhejiang.csv")
    )


@cache
def province_abbreviations() -> dict[str, str]:
    """The one-character names of provinces, by code; the nation's besides."""
    return {row["code"]: row["abbreviation"] for row in rows_of("abbreviations.csv")}


@cache
def specialties() -> tuple[SpecialtyEntry, ...]:
    """All specialties, in the order of the public lists."""
    return tuple(
        SpecialtyEntry(
            row["name"],
            CenterKind(row["kind"]),
            row["required_in_counties"] == "yes",
            row["tcm"] == "yes",
        )
        for row in rows_of("specialties.csv")
    )


@cache
def demo_hospitals() -> tuple[HospitalEntry, ...]:
    """Public hospitals with which the demonstration is filled."""
    return tuple(
        HospitalEntry(row["name"], row["division"], row["grade"], row["category"])
        for row in rows_of("hospitals_zhejiang.csv")
    )
