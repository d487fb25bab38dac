"""Passwords: argon2id hashes, and which passwords are refused."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from qcc.infra.i18n import _l
from qcc.infra.pinyin import initials, pinyin

SHORTEST, LONGEST = 12, 128
TIME, MEMORY, LANES = 2, 19 * 1024, 1
_hasher = PasswordHasher(time_cost=TIME, memory_cost=MEMORY, parallelism=LANES)


def _plain(data: bytes) -> str:
    return b64encode(data).decode().rstrip("=")


# What is verified against when there is no such user, so that both take the same time: it has the
# form and cost of a hash, and no password leads to it.
_NOBODY = f"$argon2id$v=19$m={MEMORY},t={TIME},p={LANES}${_plain(bytes(16))}${_plain(bytes(32))}"


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Whether the password is the one that was hashed; as slow when the hash is empty."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False


# --- common and regular passwords ---

GUESSES = 10**10
"""What a password must withstand: fewer guesses are within reach of a stolen database."""

_LONGEST_ESTIMATED = 72
_SIGNS = "0123456789!@#$%^&*()-_=+.,?~ "
_ROWS = (
    "0123456789" * 3,
    "9876543210" * 3,
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)
# Words that the lists, made from English passwords, do not know.
_LOCAL = ("zhongguo", "woaini", "wodemima", "yiyuan", "weijian", "zhikong", "yiliao", "guanliyuan")


@cache
def _common() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"]) | frozenset(_LOCAL)


def is_common(password: str, known: Iterable[str] = ()) -> bool:
    """Whether the password is a listed one, one with digits or signs around it, a run, one word
    repeated, or can be guessed by whoever knows the lists and the *known* words."""
    plain = password.lower()
    core = plain.strip(_SIGNS)
    if len(core) < 3 or plain in _common() or core in _common():
        return True
    return _is_repeated(plain) or any(plain in row for row in _ROWS) or _is_guessed(plain, known)


def _is_repeated(plain: str) -> bool:
    sizes = range(1, len(plain) // 2 + 1)
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in sizes)


def _is_guessed(plain: str, known: Iterable[str]) -> bool:
    words = [*_LOCAL, *known]
    return int(zxcvbn(plain[:_LONGEST_ESTIMATED], user_inputs=words)["guesses"]) < GUESSES


# --- what others know about a user ---

_PART = 4  # so many characters of a name are a part that tells it
_TELLING = 5  # shorter words of letters or digits are in too many passwords


def _forms(words: Iterable[str]) -> set[str]:
    """How known words are typed: as they stand, in pinyin, by initials, their digits; names of
    bodies also in parts, a phone without its area code."""
    forms = set()
    for word in filter(None, words):
        chinese = "".join(re.findall(r"[\u3400-\u9fff]+", word))
        parts = {chinese[at : at + _PART] for at in range(len(chinese) - _PART + 1)}
        digits = re.sub(r"\D", "", word)
        forms |= {word, pinyin(word), initials(word), digits, *parts, *map(pinyin, parts)}
        if len(digits) >= 10:
            forms |= {digits[-8:], digits[-7:]}
    bare = {_bare(form) for form in forms}
    return {f for f in bare if len(f) >= (_TELLING if f.isascii() else 2)}


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def refusals(password: str, known_words: Iterable[str] = ()) -> Iterator[object]:
    """Why the password is not accepted, as lazily translated sentences.

    *known_words* are what others know about the user: organization, its short and former names,
    phone, the user's name.
    """
    forms = _forms(known_words)
    if len(password) < SHORTEST:
        yield _l("Use at least 12 characters. A sentence of several words is easy to remember.")
    if len(password) > LONGEST:
        yield _l("Use at most 128 characters.")
        return
    if any(form in _bare(password) for form in forms):
        yield _l(
            "The password must not contain your name, your user name, or the name, pinyin or phone"
            " of your organization."
        )
    elif is_common(password, forms):
        yield _l("This password is too common or too regular. Use several unrelated words.")
