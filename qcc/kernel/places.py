"""Places by GB/T 2260 code: nation 000000, province 330000, city 330100, county 330102."""

from enum import StrEnum


class Level(StrEnum):
    """The level of a jurisdiction, and so of its commission and centers."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


NATION_CODE = "000000"


def subtree_prefix(code: str) -> str:
    """The leading digits shared by *code* and everything below it ("" for the nation)."""
    if code == NATION_CODE:
        return ""
    return code[:2] if code[2:] == "0000" else code[:4] if code[4:] == "00" else code


def level_of(code: str) -> Level:
    """The level that the form of *code* tells."""
    return {0: Level.NATION, 2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY}[
        len(subtree_prefix(code))
    ]


def parent_code(code: str) -> str | None:
    """The place directly above, None for the nation."""
    prefix = subtree_prefix(code)
    return prefix[:-2].ljust(6, "0") if prefix else None


def is_within(code: str, root: str) -> bool:
    """Whether *code* is *root* or lies below it."""
    return code.startswith(subtree_prefix(root))
