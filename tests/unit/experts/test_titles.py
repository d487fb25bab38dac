"""The catalog of titles, and reading what people write of them."""

import pytest

from qcc.experts.titles import near_titles, read_titles, title_choices
from qcc.kernel.rules import Limit
from qcc.regulations.titles import Rank, Series, titles, titles_by_name
from tests.unit.judging import BOOK


def test_every_series_has_every_rank() -> None:
    ranks = {(title.series, title.rank) for title in titles()}
    assert ranks == {(series, rank) for series in Series for rank in Rank}


def test_every_word_names_one_title() -> None:
    words = [word for title in titles() for word in (title.name, *title.aliases)]
    assert len(words) == len(set(words)) == len(titles_by_name())
    assert title_choices() == [title.name for title in titles()]


def test_ranks_are_the_words_of_rulebooks() -> None:
    limit: Limit = BOOK["expert.title"]
    assert set(limit.choices) <= set(Rank)


@pytest.mark.parametrize(
    ("text", "rank", "names"),
    [
        ("主任医师", "正高", ["主任医师"]),
        ("主任药师", "正高", ["主任药师"]),
        ("主任护师", "正高", ["主任护师"]),
        ("主任技师", "正高", ["主任技师"]),
        ("主任中医师", "正高", ["主任中医师"]),
        ("教授", "正高", ["教授"]),
        ("研究员", "正高", ["研究员"]),
        ("副教授", "副高", ["副教授"]),
        ("高级工程师", "副高", ["高级工程师"]),
        ("主治医师", "中级", ["主治医师"]),
        ("护士", "初级", ["护士"]),
        ("主任医生", "正高", ["主任医师"]),
        ("二级教授", "正高", ["教授"]),
        (" 主任　医师 ", "正高", ["主任医师"]),
        ("主任医师、教授", "正高", ["主任医师", "教授"]),
        ("副主任医师，教授", "正高", ["副主任医师", "教授"]),
        ("主治医师/讲师", "中级", ["主治医师", "讲师"]),
        ("副主任医师 副教授", "副高", ["副主任医师", "副教授"]),
        ("副主任医师（教授）", "正高", ["副主任医师", "教授"]),
        ("主任医师（外科）", "正高", ["主任医师"]),
        ("主任医师兼研究员", "正高", ["主任医师", "研究员"]),
        ("主任医师、博士生导师", "正高", ["主任医师"]),
        ("主任医师、主任医师", "正高", ["主任医师"]),
    ],
)
def test_the_highest_title_counts(text: str, rank: str, names: list[str]) -> None:
    reading = read_titles(text)
    assert (reading.rank, [title.name for title in reading.titles]) == (rank, names)
    assert reading.unknown == ()
    assert not reading.names_rank_only


@pytest.mark.parametrize(
    ("text", "rank"),
    [("正高", "正高"), ("副高级", "副高"), ("正高级职称", "正高"), ("中级", "中级")],
)
def test_a_rank_alone_is_understood_and_said_to_be_one(text: str, rank: str) -> None:
    reading = read_titles(text)
    assert (reading.rank, reading.titles, reading.names_rank_only) == (rank, (), True)


@pytest.mark.parametrize(
    ("text", "unknown", "near"),
    [
        ("主治医", ("主治医",), "主治医师"),
        ("心内科主任医师", ("心内科主任医师",), "主任医师"),
        ("心内科副主任医师", ("心内科副主任医师",), "副主任医师"),
        ("名誉教授", ("名誉教授",), "教授"),
        ("主任医师、院长", ("院长",), None),
        ("博导", ("博导",), None),
        ("xyz", ("xyz",), None),
    ],
)
def test_what_is_no_title_is_named_with_what_may_be_meant(
    text: str, unknown: tuple[str, ...], near: str | None
) -> None:
    reading = read_titles(text)
    assert reading.unknown == unknown
    assert (reading.near[0] if reading.near else None) == near


def test_nothing_written_is_no_title() -> None:
    for text in ("", "  ", "（）", "、"):
        assert read_titles(text).rank is None


def test_few_near_titles_are_named() -> None:
    assert 0 < len(near_titles("主任")) <= 3
