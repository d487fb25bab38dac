"""What words in a cell declare of standing and health."""

import pytest

from qcc.experts.declarations import read_health, read_standing
from qcc.experts.rules import Standing

HEAD, PRESTIGE = Standing.UNIT_HEAD, Standing.REGIONAL_PRESTIGE


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("专业负责人", {HEAD}),
        ("在本单位担任相关专业负责人", {HEAD}),
        ("科主任", {HEAD}),
        ("是", {HEAD}),
        ("学术威望", {PRESTIGE}),
        ("在本地区有较高的学术威望", {PRESTIGE}),
        ("省医学会心血管病学分会副主任委员", {PRESTIGE}),
        ("专业负责人和学术威望", {HEAD, PRESTIGE}),
        ("非专业负责人，但有较高学术威望", {PRESTIGE}),
        ("无锡路院区科主任", {HEAD}),
        ("", set()),
        ("无", set()),
        ("否", set()),
        ("均无", set()),
        ("不具备", set()),
        ("—", set()),
        ("非专业负责人", set()),
        ("无专业负责人或学术威望", set()),
        ("没有学术威望、非专业负责人", set()),
    ],
)
def test_standing_is_stated_unless_it_is_denied(text: str, standing: set[Standing]) -> None:
    assert read_standing(text) == standing


@pytest.mark.parametrize(
    ("text", "healthy"),
    [
        ("健康", True),
        ("良好", True),
        ("身体健康", True),
        (" 身体 状况 良好 ", True),
        ("健康或良好", True),
        ("健康，无重大疾病", True),
        ("良好，能胜任工作", True),
        ("体检合格", True),
        ("是", True),
        ("", False),
        ("否", False),
        ("不健康", False),
        ("一般或较弱", False),
        ("有慢性病", False),
        ("健康，患有高血压", False),
        ("残疾", False),
        ("尚可", None),
        ("健康？", None),
    ],
)
def test_health_is_declared_in_plain_words_only(text: str, healthy: bool | None) -> None:
    assert read_health(text) is healthy


def test_long_texts_are_read_in_no_time() -> None:
    for piece in ("无专业负责人或", "健康", "非", "两者均", "无重大慢性"):
        read_standing(piece * 4_000 + "!")
        read_health(piece * 4_000 + "!")
