"""Reading the titles that somebody wrote: several in one cell, other spellings, mistakes.

The highest of several titles counts: 主任医师、教授 is one of the rank 正高.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from qcc.regulations.titles import Rank, Title, titles, titles_by_name

_SEPARATORS = re.compile(r"[、,，;；/|+&＆\n]+|兼|暨")
_NOTES = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_GRADE = re.compile(r"^[一二三四五六七]级(?=.)")
_NO_TITLES = frozenset({"博士生导师", "硕士生导师", "博导", "硕导", "博士", "硕士", "医学博士"})
_RANKS = {f"{rank}{ending}": rank for rank in Rank for ending in ("", "级")} | {
    "初": Rank.JUNIOR,
    "中": Rank.INTERMEDIATE,
    "副高级职称": Rank.ASSOCIATE_SENIOR,
    "正高级职称": Rank.SENIOR,
}
_NEAR = 3


@dataclass(frozen=True, slots=True)
class TitleReading:
    """What a cell's words say: the titles found, the highest rank, and what was not understood.

    *names_rank_only*: a rank was written instead of a title; *near*: titles that may be meant.
    """

    titles: tuple[Title, ...]
    rank: Rank | None
    names_rank_only: bool = False
    unknown: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def read_titles(text: str) -> TitleReading:
    """The titles in *text*. What stands in brackets is a title or a remark, and is passed over
    if it is no title; what else is no title is *unknown*."""
    words, remarks = _parts(text)
    found = [title for part in (*words, *remarks) if (title := _title(part))]
    rest = [part for part in words if _title(part) is None and part not in _NO_TITLES]
    ranks = [_RANKS[part] for part in rest if part in _RANKS]
    unknown = tuple(part for part in rest if part not in _RANKS)
    if not found and not ranks and not unknown:
        unknown = tuple(words)
    return TitleReading(
        tuple(dict.fromkeys(found)),
        highest([*ranks, *(title.rank for title in found)]),
        bool(ranks) and not found,
        unknown,
        tuple(dict.fromkeys(near for part in unknown for near in near_titles(part))),
    )


def highest(ranks: list[Rank]) -> Rank | None:
    """The highest of the ranks, None of none."""
    return min(ranks, key=list(Rank).index, default=None)


def near_titles(text: str) -> list[str]:
    """Titles that somebody may have meant: those that the words end in, then similar ones."""
    named = titles_by_name()
    ending = sorted((name for name in named if text.endswith(name)), key=len, reverse=True)
    similar = get_close_matches(text, list(named), n=_NEAR, cutoff=0.5)
    found = dict.fromkeys(named[name].name for name in (*ending[:1], *similar))
    return list(found)[:_NEAR]


def title_choices() -> list[str]:
    """The titles for a list to choose from."""
    return [title.name for title in titles()]


def _parts(text: str) -> tuple[list[str], list[str]]:
    """The words of the text, and those in brackets."""
    plain = unicodedata.normalize("NFKC", text)
    remarks = [part for note in _NOTES.findall(plain) for part in _split(note)]
    return list(_split(_NOTES.sub("、", plain))), remarks


def _split(text: str) -> Iterator[str]:
    """The words between separators; a blank separates only titles, it may pad one too."""
    for part in _SEPARATORS.split(text):
        solid = "".join(part.split())
        pieces = part.split()
        if _title(solid) is None and all(_title(piece) for piece in pieces):
            yield from pieces
        elif solid:
            yield solid


def _title(word: str) -> Title | None:
    named = titles_by_name()
    return named.get(word) or named.get(_GRADE.sub("", word))
