"""Tables of our data files, read strictly: a mistake is refused with its key and the reason."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Fault(Exception):
    """A mistake at a key, before the file's name is known."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(key, reason)
        self.key, self.reason = key, reason


class Table:
    """A TOML table from which each key is taken once; what is left over is unknown."""

    def __init__(self, path: str, content: Any) -> None:
        if not isinstance(content, dict):
            raise Fault(path, "must be a table")
        self.path, self._left = path, dict(content)

    def key(self, name: str) -> str:
        """The full name of a key, as an administrator would search for it."""
        return f"{self.path}.{name}" if self.path else name

    def take(self, name: str, kind: type[T], default: T | None = None) -> T:
        """The value of a key, of exactly that type."""
        if name not in self._left:
            if default is None:
                raise Fault(self.key(name), "is missing")
            return default
        value = self._left.pop(name)
        if type(value) is not kind:
            raise Fault(self.key(name), f"must be {_NAMES[kind]}")
        return value

    def words(self, name: str, default: str | None = None) -> str:
        """Text that says something, unless a default allows none."""
        text = self.take(name, str, default).strip()
        if not text and default is None:
            raise Fault(self.key(name), "is empty")
        return text

    def optional_date(self, name: str) -> date | None:
        return self.take(name, date) if name in self._left else None

    def raw(self, name: str) -> Any:
        if name not in self._left:
            raise Fault(self.key(name), "is missing")
        return self._left.pop(name)

    def list_of_words(self, name: str) -> tuple[str, ...]:
        """A list of different, non-empty texts; none given is an empty one."""
        content = self.take(name, list, [])
        if not all(isinstance(word, str) and word.strip() for word in content):
            raise Fault(self.key(name), "must be a list of words")
        if len(set(content)) != len(content):
            raise Fault(self.key(name), "names a word twice")
        return tuple(content)

    def items(self) -> list[tuple[str, Any]]:
        """All keys, for a table whose names are free."""
        return list(self._left.items())

    def finish(self) -> None:
        """Refuse what nobody took."""
        if self._left:
            raise Fault(self.key(min(self._left)), "is an unknown key")


_NAMES: dict[type, str] = {
    str: "text",
    bool: "true or false",
    date: "a date",
    datetime: "a date",
    list: "a list",
    dict: "a table",
}


def one_of(kind: type[E], word: str, key: str) -> E:
    try:
        return kind(word)
    except ValueError:
        choices = ", ".join(kind)
        raise Fault(key, f"must be one of {choices}") from None
