"""Rubrics: the province's as its table says, editions by year, and every refusal."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from qcc.kernel.rubrics import AssessmentKind, Source
from qcc.regulations.parsing import InvalidRulebook
from qcc.regulations.rubrics import NoRubric, get_rubric, load_rubrics, read_rubrics, rubric_for

TABLE = Path(__file__).with_name("annual_rubric_zhejiang.csv")

HEAD = """
[rubric]
id = "test"
title = "试行评分表"
kind = "annual"
jurisdiction = "330000"
first_year = 2020
origin = "试行"
"""
GROUP = """
[[groups]]
name = "基础"
points = 100
[[groups.items]]
code = "A1"
name = "计划"
points = 100
scoring = "按期提交得100分"
evidence = ["计划"]
levels = [{ words = "按期", points = 100 }, { words = "无", points = 0 }]
"""


def test_the_provinces_rubric_is_its_table() -> None:
    rubric = get_rubric("zhejiang-annual")
    with TABLE.open(encoding="utf-8-sig") as file:
        expected = [
            (r["group"], r["code"], r["item"], Decimal(r["points"]), r["scoring"], r["evidence"])
            for r in csv.DictReader(file)
        ]
    found = [
        (group.name, item.code, item.name, item.points, item.scoring, "；".join(item.evidence))
        for group in rubric.groups
        for item in group.items
    ]
    assert found == expected
    assert (rubric.points, rubric.most) == (100, 110)
    assert [group.name for group in rubric.groups if group.is_bonus] == ["加分"]


def test_a_scale_ends_at_the_items_points_and_stands_in_its_words() -> None:
    for rubric in load_rubrics():
        for item in rubric.items:
            if item.levels:
                assert item.levels[0].points == item.points, item.code
                assert all(level.words in item.scoring for level in item.levels[:-1]), item.code


def test_the_debrief_has_its_four_parts() -> None:
    rubric = get_rubric("city-debrief")
    assert [(g.name, int(g.points)) for g in rubric.groups] == [
        ("基础管理", 25),
        ("业务开展", 40),
        ("服务质量", 25),
        ("培训指导", 10),
    ]


def test_what_the_product_can_know() -> None:
    known = {item.code: item.source for item in get_rubric("zhejiang-annual").items if item.source}
    assert known == {
        "A1": Source.DOCUMENTS,
        "A2": Source.TASKS,
        "B1": Source.NETWORK,
        "B2": Source.MEETINGS,
    }


def test_the_nearest_places_edition_of_the_year_is_used() -> None:
    assert rubric_for(AssessmentKind.ANNUAL, "330100", 2026).id == "zhejiang-annual"
    with pytest.raises(NoRubric):
        rubric_for(AssessmentKind.ANNUAL, "330000", 2020)
    with pytest.raises(NoRubric):
        rubric_for(AssessmentKind.ANNUAL, "410000", 2026)
    with pytest.raises(NoRubric):
        get_rubric("nothing")


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        (GROUP, "rubric", "is missing"),
        (HEAD, "groups", "is missing"),
        (HEAD + GROUP.replace("points = 100\n[[", "points = 90\n[["), "groups[0].points", "is 90"),
        (
            HEAD + GROUP.replace("points = 100\n", "points = 90\n").replace("= 100 }", "= 90 }"),
            "groups",
            "come to 90",
        ),
        (HEAD + GROUP.replace("points = 0 }", "points = 101 }"), "levels", "between 0 and 100"),
        (HEAD + GROUP.replace("points = 0 }", 'points = "x" }'), "points", "whole number"),
        (HEAD + GROUP.replace('name = "计划"', "name = 1"), "name", "must be text"),
        (HEAD + GROUP + "color = 1\n", "groups[0].items[0].color", "unknown key"),
        (HEAD + GROUP + 'source = "stars"\n', "source", "must be one of"),
        (HEAD.replace("annual", "monthly") + GROUP, "rubric.kind", "must be one of"),
        (HEAD.replace('"test"', '"other"') + GROUP, "rubric.id", "name of the file"),
        (HEAD + "last_year = 2019\n" + GROUP, "rubric.last_year", "before first_year"),
        (HEAD + "[[groups", "syntax", ""),
        (
            HEAD
            + GROUP.replace("points = 100", "points = 50").replace("= 100 }", "= 50 }")
            + GROUP.replace("points = 100", "points = 50").replace("= 100 }", "= 50 }"),
            "groups",
            "name a code twice",
        ),
    ],
)
def test_a_bad_rubric_is_refused(tmp_path: Path, text: str, key: str, reason: str) -> None:
    (tmp_path / "test.toml").write_text(text, "utf-8")
    with pytest.raises(InvalidRulebook) as refused:
        read_rubrics(tmp_path)
    assert refused.value.file == "test.toml"
    assert key in refused.value.key
    assert reason in refused.value.reason


def test_two_editions_of_one_year_are_refused(tmp_path: Path) -> None:
    (tmp_path / "test.toml").write_text(HEAD + GROUP, "utf-8")
    later = HEAD.replace('"test"', '"later"').replace("2020", "2025") + GROUP
    (tmp_path / "later.toml").write_text(later, "utf-8")
    with pytest.raises(InvalidRulebook, match="overlaps"):
        read_rubrics(tmp_path)
    (tmp_path / "test.toml").write_text(HEAD + "last_year = 2024\n" + GROUP, "utf-8")
    assert [rubric.id for rubric in read_rubrics(tmp_path)] == ["later", "test"]
