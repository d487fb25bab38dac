"""The eye for malformed HTML, which looks at each shape of a page once."""

import pytest

from tests.browsing import check_html, shape

PAGE = """<!doctype html><html lang="zh-CN"><head><title>{title}</title></head><body>
<form><input type="{kind}" name="a" value="{value}"></form>
<table><tbody>{loose}<tr><td>{cell}</td></tr></tbody></table></body></html>"""
SOUND = {"title": "质控中心", "kind": "text", "value": "某医院", "loose": " ", "cell": "一二三"}


def test_pages_that_differ_in_words_have_one_shape() -> None:
    other = {**SOUND, "title": "（申报）：表", "value": "1 + 1; 2", "cell": 'says "no"'}
    assert shape(PAGE.format(**other)) == shape(PAGE.format(**SOUND))
    check_html(PAGE.format(**SOUND))
    check_html(PAGE.format(**other))


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("value", 'a"b'),
        ("value", 'a" name="b'),
        ("value", "&nonsense;"),
        ("value", 'a"name="c'),
        ("value", "a\x01"),
        ("cell", "<b>open"),
        ("cell", "closed</b>"),
        ("cell", "&nonsense;"),
        ("cell", "<"),
        ("cell", "<b a='1'a='2'></b>"),
        ("cell", "\x01"),
        ("cell", "\ufdd0"),
        ("cell", "</tr>"),
        ("loose", "<b></b>"),
        ("loose", '<input type="text">'),
    ],
)
def test_a_malformed_page_is_told_after_a_sound_one(where: str, what: str) -> None:
    check_html(PAGE.format(**SOUND))
    with pytest.raises(AssertionError, match="malformed HTML"):
        check_html(PAGE.format(**{**SOUND, where: what}))
