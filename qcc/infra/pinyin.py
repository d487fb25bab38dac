"""Chinese names as they are typed in a search box: in characters, in pinyin, by initials."""

from pypinyin import Style, lazy_pinyin, load_phrases_dict

# Place names that the library reads by the commoner sound of a character.
load_phrases_dict(
    {
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
)


def pinyin(text: str) -> str:
    """The syllables of *text* run together, without tones."""
    return "".join(lazy_pinyin(text)).lower()


def initials(text: str) -> str:
    """The first letters of the syllables of *text*."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()


def search_text(*names: str) -> str:
    """What a search looks through: every name in characters, pinyin and initials."""
    return " ".join(
        part for name in names if name for part in (name.lower(), pinyin(name), initials(name))
    )
