"""Places by code: levels, parents, subtrees."""

import pytest

from qcc.kernel.places import Level, is_within, level_of, parent_code, subtree_prefix


@pytest.mark.parametrize(
    ("code", "level", "prefix", "parent"),
    [
        ("000000", Level.NATION, "", None),
        ("330000", Level.PROVINCE, "33", "000000"),
        ("330100", Level.CITY, "3301", "330000"),
        ("330102", Level.COUNTY, "330102", "330100"),
    ],
)
def test_a_code_tells_level_subtree_and_parent(
    code: str, level: Level, prefix: str, parent: str | None
) -> None:
    assert (level_of(code), subtree_prefix(code), parent_code(code)) == (level, prefix, parent)


@pytest.mark.parametrize(
    ("code", "root", "within"),
    [
        ("330102", "330102", True),
        ("330102", "330100", True),
        ("330102", "330000", True),
        ("330102", "000000", True),
        ("330100", "330102", False),
        ("330202", "330100", False),
        ("340100", "330000", False),
    ],
)
def test_a_place_lies_within_itself_and_what_is_above(code: str, root: str, within: bool) -> None:
    assert is_within(code, root) is within
