"""Chinese names as they are typed in a search box: in characters, in pinyin, by initials."""

from functools import cache
from importlib import import_module
from typing import Any

# Place names that the library reads by the commoner sound of a character.
_PLACES = {
    "丽水": [["lí"], ["shuǐ"]],
    "台州": [["tāi"], ["zhōu"]],
    "天台": [["tiān"], ["tāi"]],
    "乐清": [["yuè"], ["qīng"]],
    "鄞州": [["yín"], ["zhōu"]],
    "嵊州": [["shèng"], ["zhōu"]],
    "嵊泗": [["shèng"], ["sì"]],
    "莲都": [["lián"], ["dū"]],
    "单县": [["shàn"], ["xiàn"]],
}


@cache
def _library() -> Any:
    """pypinyin, with the names above: its dictionaries take long to load, and few processes need
    them."""
    library = import_module("pypinyin")
    library.load_phrases_dict(_PLACES)
    return library


def pinyin(text: str) -> str:
    """The syllables of *text* run together, without tones."""
    return "".join(_library().lazy_pinyin(text)).lower()


def initials(text: str) -> str:
    """The first letters of the syllables of *text*."""
    library = _library()
    return "".join(library.lazy_pinyin(text, style=library.Style.FIRST_LETTER)).lower()


def search_text(*names: str) -> str:
    """What a search looks through: every name in characters, pinyin and initials."""
    return " ".join(
        part for name in names if name for part in (name.lower(), pinyin(name), initials(name))
    )
