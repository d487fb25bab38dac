"""Reading one rulebook file: every mistake in it is refused with the key and the reason."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from qcc.kernel.places import Level
from qcc.kernel.rules import Force, Limit, LimitValue, Rulebook
from qcc.regulations.parameters import PARAMETERS

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class InvalidRulebook(ValueError):
    """A rulebook file that cannot be trusted: which file, which key, and why."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file, self.key, self.reason = file, key, reason


class _Fault(Exception):
    """A mistake at a key, before the file's name is known."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(key, reason)
        self.key, self.reason = key, reason


class _Table:
    """A TOML table from which each key is taken once; what is left over is unknown."""

    def __init__(self, path: str, content: Any) -> None:
        if not isinstance(content, dict):
            raise _Fault(path, "must be a table")
        self.path, self._left = path, dict(content)

    def key(self, name: str) -> str:
        """The full name of a key, as an administrator would search for it."""
        return f"{self.path}.{name}" if self.path else name

    def take(self, name: str, kind: type[T], default: T | None = None) -> T:
        """The value of a key, of exactly that type."""
        if name not in self._left:
            if default is None:
                raise _Fault(self.key(name), "is missing")
            return default
        value = self._left.pop(name)
        if type(value) is not kind:
            raise _Fault(self.key(name), f"must be {_NAMES[kind]}")
        return value

    def words(self, name: str, default: str | None = None) -> str:
        """Text that says something, unless a default allows none."""
        text = self.take(name, str, default).strip()
        if not text and default is None:
            raise _Fault(self.key(name), "is empty")
        return text

    def optional_date(self, name: str) -> date | None:
        return self.take(name, date) if name in self._left else None

    def raw(self, name: str) -> Any:
        if name not in self._left:
            raise _Fault(self.key(name), "is missing")
        return self._left.pop(name)

    def list_of_words(self, name: str) -> tuple[str, ...]:
        """A list of different, non-empty texts; none given is an empty one."""
        content = self.take(name, list, [])
        if not all(isinstance(word, str) and word.strip() for word in content):
            raise _Fault(self.key(name), "must be a list of words")
        if len(set(content)) != len(content):
            raise _Fault(self.key(name), "names a word twice")
        return tuple(content)

    def items(self) -> list[tuple[str, Any]]:
        """All keys, for a table whose names are free."""
        return list(self._left.items())

    def finish(self) -> None:
        """Refuse what nobody took."""
        if self._left:
            raise _Fault(self.key(min(self._left)), "is an unknown key")


_NAMES: dict[type, str] = {
    str: "text",
    bool: "true or false",
    date: "a date",
    datetime: "a date",
    list: "a list",
    dict: "a table",
}


def parse_rulebook(path: Path) -> Rulebook:
    """The rulebook in the file; raises InvalidRulebook."""
    content = path.read_bytes()
    try:
        return _rulebook(tomllib.loads(content.decode()), path.stem, content)
    except UnicodeDecodeError as error:
        raise InvalidRulebook(path.name, f"byte {error.start}", "is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidRulebook(path.name, "syntax", str(error)) from None
    except _Fault as fault:
        raise InvalidRulebook(path.name, fault.key, fault.reason) from None


def _rulebook(content: dict[str, Any], stem: str, file: bytes) -> Rulebook:
    whole = _Table("", content)
    head = _Table("rulebook", whole.raw("rulebook"))
    limits = whole.raw("limits")
    whole.finish()
    return Rulebook(
        **_head(head, stem),
        version=f"{stem}@{hashlib.sha256(file).hexdigest()[:12]}",
        limits=_limits(limits),
    )


def _head(head: _Table, stem: str) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": head.words("id"),
        "title": head.words("title"),
        "document_number": head.words("document_number"),
        "jurisdiction": head.words("jurisdiction"),
        "in_force_from": head.take("in_force_from", date),
        "repealed_on": head.optional_date("repealed_on"),
        "invented": head.take("invented", bool, False),
    }
    head.finish()
    if fields["id"] != stem:
        raise _Fault("rulebook.id", f"must be the name of the file, {stem}")
    if not re.fullmatch(r"\d{6}", fields["jurisdiction"]):
        raise _Fault("rulebook.jurisdiction", "must be a GB/T 2260 code of six digits")
    if fields["repealed_on"] and fields["repealed_on"] <= fields["in_force_from"]:
        raise _Fault("rulebook.repealed_on", "must be later than in_force_from")
    return fields


def _limits(content: Any) -> Mapping[str, Limit]:
    limits = {
        name: _limit(name, _Table(f"limits.{name}", table))
        for name, table in _Table("limits", content).items()
    }
    if not limits:
        raise _Fault("limits", "is empty")
    return MappingProxyType(limits)


def _limit(name: str, table: _Table) -> Limit:
    value = _value(table)
    limit = Limit(
        id=name,
        value=value,
        unit=table.words("unit", ""),
        inclusive=table.take("inclusive", bool, True),
        force=_one_of(Force, table.words("force"), table.key("force")),
        article=table.words("article"),
        source=table.words("source"),
        labels=table.list_of_words("labels"),
        levels=tuple(
            _one_of(Level, word, table.key("levels")) for word in table.list_of_words("levels")
        ),
        note=table.words("note", ""),
    )
    table.finish()
    _require_sense(limit, table)
    return limit


def _value(table: _Table) -> LimitValue:
    match table.raw("value"):
        case bool(value) | int(value):
            return value
        case str(value) if value.strip():
            return value
        case [int(low), int(high)] if not isinstance(low, bool) and not isinstance(high, bool):
            if low > high:
                raise _Fault(table.key("value"), "has its least above its greatest")
            return low, high
        case [str(), *rest] as words if all(isinstance(word, str) for word in rest):
            if len(set(words)) != len(words) or not all(word.strip() for word in words):
                raise _Fault(table.key("value"), "names a word twice or an empty one")
            return tuple(words)
    raise _Fault(
        table.key("value"),
        "must be a whole number, two of them, true or false, a word or a list of words",
    )


def _one_of(kind: type[E], word: str, key: str) -> E:
    try:
        return kind(word)
    except ValueError:
        choices = ", ".join(kind)
        raise _Fault(key, f"must be one of {choices}") from None


def _require_sense(limit: Limit, table: _Table) -> None:
    if limit.labels and len(limit.labels) != len(limit.choices):
        raise _Fault(table.key("labels"), "must be as many as the values")
    kind = PARAMETERS.get(limit.id)
    fault = kind.fault(limit.value) if kind else None
    if fault:
        raise _Fault(table.key("value"), fault)
