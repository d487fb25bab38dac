"""What goes into a box of a form: nothing is lost, nothing overflows, parting makes sense."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcc.infra.pdf.fitting import CONTINUED, MM_PER_POINT, Box, Face, Fitted, fit
from tests.papers import squeezed

SMALL, LARGE = Face(10.5, 1.25), Face(12, 1.35)
BOX = Box(60, 23)  # four lines of 14 large letters, or 16 small ones

texts = st.text(
    alphabet=st.sampled_from("质控中心医疗机构，。；：（）《》“”、 \n\tABCabc019.%-/＋㎡☑𠮷—…"),
    max_size=600,
)


def _whole(fitted: Fitted) -> str:
    first = "".join(fitted.paragraphs)
    if fitted.rest:
        assert first.endswith(CONTINUED)
        first = first.removesuffix(CONTINUED)
    return squeezed(first + "".join(fitted.rest))


@settings(max_examples=300, deadline=None)
@given(
    text=texts, width=st.floats(20, 150), height=st.floats(12, 90), indent=st.sampled_from([0, 2])
)
def test_nothing_is_lost(text: str, width: float, height: float, indent: int) -> None:
    assert _whole(fit(text, Box(width, height, indent), [LARGE, SMALL])) == squeezed(text)


@pytest.mark.parametrize(
    ("length", "points", "parted"),
    [(0, 12, False), (36, 12, False), (56, 12, False), (57, 10.5, False), (65, 10.5, True)],
)
def test_the_largest_face_that_holds_the_text_is_taken(
    length: int, points: float, parted: bool
) -> None:
    fitted = fit("质" * length, BOX, [Face(12, 1.35), Face(10.5, 1.35)])
    assert (fitted.face.points, bool(fitted.rest)) == (points, parted)


def test_a_face_may_be_for_one_line_only() -> None:
    faces = [Face(12, most_lines=1), Face(9, most_lines=1), Face(12)]
    box = Box(10 * 12 * MM_PER_POINT, 20)
    assert [fit("质" * length, box, faces).face.points for length in (10, 11, 13, 14)] == [
        12,
        9,
        9,
        12,
    ]


def test_parting_after_a_sentence_if_one_ends_near() -> None:
    text = "质" * 40 + "。" + "控" * 100
    assert fit(text, BOX, [LARGE]).paragraphs == ("质" * 40 + "。" + CONTINUED,)
    text = "质" * 5 + "。" + "控" * 35 + "，" + "医" * 100
    assert fit(text, BOX, [LARGE]).paragraphs == ("质" * 5 + "。" + "控" * 35 + "，" + CONTINUED,)


def test_parting_between_paragraphs_is_known_from_parting_within() -> None:
    between = fit("质" * 40 + "\n" + "控" * 100, BOX, [LARGE])
    within = fit("质" * 140, BOX, [LARGE])
    assert (between.rest_is_mid_paragraph, within.rest_is_mid_paragraph) == (False, True)
    assert between.rest == ("控" * 100,)


def test_words_are_not_parted_nor_is_punctuation_left_behind() -> None:
    fitted = fit("质" * 44 + "extracorporeal" + "质" * 40, BOX, [LARGE])
    assert fitted.paragraphs[0] == "质" * 44 + CONTINUED
    rest = fit("质" * 48 + "（" + "控" * 60, BOX, [LARGE]).rest
    assert not rest[0].startswith(("，", "。", "）"))


def test_lines_come_out_even() -> None:
    fitted = fit("示例市第一人民医院示例市急救中心", Box(60, 20), [LARGE])  # 16 in lines of 14
    assert fitted.ems <= 9


def test_blank_lines_and_spaces_around_paragraphs_go() -> None:
    assert fit(" 甲 \r\n\r\n  乙\n", BOX, [LARGE]).paragraphs == ("甲", "乙")
