"""Passwords: argon2id hashes, and which passwords are refused."""

from collections.abc import Iterable, Iterator
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from qcc.infra.i18n import _l
from qcc.infra.pinyin import initials, pinyin

SHORTEST, LONGEST = 12, 128
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobody() -> str:
    """A hash to verify against when there is no such user, so that both take the same time."""
    return _hasher.hash("no such user")


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Whether the password is the one that was hashed; as slow when the hash is empty."""
    try:
        return _hasher.verify(password_hash or _nobody(), password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _common() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])


def _is_common(password: str) -> bool:
    """A listed password, one with digits or signs around it, or one run or word repeated."""
    plain = password.lower()
    core = plain.strip("0123456789!@#$%^&*()-_=+.,?~ ")
    repeated = any(
        plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, len(plain) // 2 + 1)
    )
    rows = ("0123456789" * 3, "9876543210" * 3, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
    return (
        plain in _common()
        or core in _common()
        or not core
        or repeated
        or any(plain in row for row in rows)
    )


def _forms(words: Iterable[str]) -> Iterator[str]:
    for word in filter(None, words):
        yield from (word, pinyin(word), initials(word))
        digits = "".join(filter(str.isdigit, word))
        yield digits


def refusals(password: str, known_words: Iterable[str] = ()) -> Iterator[object]:
    """Why the password is not accepted, as lazily translated sentences.

    *known_words* are what others know about the user: organization, its short and former names,
    phone, the user's name. Their pinyin and initials (from 5 letters on) are refused too.
    """
    if len(password) < SHORTEST:
        yield _l("Use at least 12 characters. A sentence of several words is easy to remember.")
    if len(password) > LONGEST:
        yield _l("Use at most 128 characters.")
    if _is_common(password):
        yield _l("This password is too common or too regular. Use several unrelated words.")
    lowered = password.lower()
    if any(
        (len(form) >= 5 or (len(form) >= 2 and not form.isascii())) and form.lower() in lowered
        for form in _forms(known_words)
    ):
        yield _l("The password must not contain the name, pinyin or phone of your organization.")
