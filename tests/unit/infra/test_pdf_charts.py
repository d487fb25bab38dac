"""Charts of papers: sound SVG, numbers beside the pictures, words escaped, nothing of nothing."""

from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from qcc.infra.pdf import charts
from qcc.infra.pdf.charts import Cell, Share

NASTY = '<b>&"某市'
DRAWN = {
    "bars": charts.bars([(NASTY, 3), ("杭州", 0)], unit="人"),
    "strip": charts.strip([Share(NASTY, 3, charts.BLUE), Share("其他", 9, charts.PALE)]),
    "months": charts.months([Cell(NASTY, charts.GREEN)] * 12),
    "course": charts.course([(NASTY, 54.0), ("2026年", 91.5)], 100, 60),
    "shares": charts.shares([(NASTY, 17.5, 20), ("加分", 0, 0)]),
}


def words_of(picture: Markup) -> list[str]:
    root = ElementTree.fromstring(picture)  # noqa: S314 -- our own
    return [each.text or "" for each in root.iter() if each.tag.endswith("text")]


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_is_a_sound_picture_with_its_words(name: str) -> None:
    picture = DRAWN[name]
    assert any(NASTY in word for word in words_of(picture))
    assert "<image" not in picture
    assert "gradient" not in picture.lower()


@pytest.mark.parametrize(
    "picture",
    [
        charts.bars([]),
        charts.strip([]),
        charts.strip([Share("无", 0, charts.BLUE)]),
        charts.months([]),
        charts.course([], 100),
        charts.shares([]),
    ],
)
def test_nothing_is_drawn_of_nothing(picture: Markup) -> None:
    assert picture == ""


def test_shares_are_told_in_per_cent() -> None:
    assert "其他 9（75.0%）" in words_of(DRAWN["strip"])
    assert "17.50 / 20（87.5%）" in words_of(DRAWN["shares"])


def test_bars_are_as_long_as_their_numbers() -> None:
    root = ElementTree.fromstring(charts.bars([("a", 10), ("b", 5), ("c", 0)]))  # noqa: S314
    widths = [float(each.attrib["width"]) for each in root if each.tag.endswith("rect")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.02)
    assert widths[2] == 0
