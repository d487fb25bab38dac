"""Catalogs agree with each other and with the codes of places."""

from collections import Counter

from qcc.kernel.places import level_of, parent_code
from qcc.regulations.catalogs import (
    CATEGORIES,
    GRADES,
    UNGRADED,
    CenterKind,
    demo_hospitals,
    divisions,
    specialties,
)


def test_divisions_are_a_tree_with_parents_first() -> None:
    seen: set[str | None] = {None}
    for division in divisions():
        assert division.parent in seen
        assert division.parent == parent_code(division.code)
        assert division.level is level_of(division.code)
        seen.add(division.code)


def test_divisions_are_the_nation_and_the_whole_province() -> None:
    levels = Counter(division.level.value for division in divisions())
    assert levels == {"nation": 1, "province": 1, "city": 11, "county": 90}
    assert len({division.code for division in divisions()}) == 103


def test_every_county_needs_twelve_centers_and_two_of_chinese_medicine() -> None:
    required = [entry for entry in specialties() if entry.required_in_counties]
    assert Counter(entry.tcm for entry in required) == {False: 12, True: 2}
    assert {entry.kind for entry in required} == {CenterKind.QUALITY_CONTROL}


def test_no_kind_has_a_specialty_twice() -> None:
    names = [(entry.kind, entry.name) for entry in specialties()]
    assert len(set(names)) == len(names) == 68


def test_hospitals_have_a_known_seat_grade_and_category() -> None:
    codes = {division.code for division in divisions()}
    assert len(demo_hospitals()) == 45
    for hospital in demo_hospitals():
        assert hospital.division in codes
        assert hospital.grade in GRADES
        assert hospital.category in CATEGORIES


def test_grades_go_from_best_to_none() -> None:
    assert (GRADES[0], UNGRADED) == ("三级甲等", "未定级")
    assert len(set(GRADES)) == len(GRADES)
