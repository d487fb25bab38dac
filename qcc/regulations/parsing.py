"""Reading one rulebook file: every mistake in it is refused with the key and the reason."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qcc.kernel.places import Level
from qcc.kernel.rules import Force, Limit, LimitValue, Rulebook
from qcc.regulations.parameters import PARAMETERS
from qcc.regulations.tables import Fault, Table, one_of


class InvalidRulebook(ValueError):
    """A rulebook file that cannot be trusted: which file, which key, and why."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file, self.key, self.reason = file, key, reason


def parse_rulebook(path: Path) -> Rulebook:
    """The rulebook in the file; raises InvalidRulebook."""
    content = path.read_bytes()
    try:
        return _rulebook(tomllib.loads(content.decode()), path.stem, content)
    except UnicodeDecodeError as error:
        raise InvalidRulebook(path.name, f"byte {error.start}", "is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidRulebook(path.name, "syntax", str(error)) from None
    except Fault as fault:
        raise InvalidRulebook(path.name, fault.key, fault.reason) from None


def _rulebook(content: dict[str, Any], stem: str, file: bytes) -> Rulebook:
    whole = Table("", content)
    head = Table("rulebook", whole.raw("rulebook"))
    limits = whole.raw("limits")
    whole.finish()
    return Rulebook(
        **_head(head, stem),
        version=f"{stem}@{hashlib.sha256(file).hexdigest()[:12]}",
        limits=_limits(limits),
    )


def _head(head: Table, stem: str) -> dict[str, Any]:
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
        raise Fault("rulebook.id", f"must be the name of the file, {stem}")
    if not re.fullmatch(r"\d{6}", fields["jurisdiction"]):
        raise Fault("rulebook.jurisdiction", "must be a GB/T 2260 code of six digits")
    if fields["repealed_on"] and fields["repealed_on"] <= fields["in_force_from"]:
        raise Fault("rulebook.repealed_on", "must be later than in_force_from")
    return fields


def _limits(content: Any) -> Mapping[str, Limit]:
    limits = {
        name: _limit(name, Table(f"limits.{name}", table))
        for name, table in Table("limits", content).items()
    }
    if not limits:
        raise Fault("limits", "is empty")
    return MappingProxyType(limits)


def _limit(name: str, table: Table) -> Limit:
    value = _value(table)
    limit = Limit(
        id=name,
        value=value,
        unit=table.words("unit", ""),
        inclusive=table.take("inclusive", bool, True),
        force=one_of(Force, table.words("force"), table.key("force")),
        article=table.words("article"),
        source=table.words("source"),
        labels=table.list_of_words("labels"),
        levels=tuple(
            one_of(Level, word, table.key("levels")) for word in table.list_of_words("levels")
        ),
        note=table.words("note", ""),
    )
    table.finish()
    _require_sense(limit, table)
    return limit


def _value(table: Table) -> LimitValue:
    match table.raw("value"):
        case bool(value) | int(value):
            return value
        case str(value) if value.strip():
            return value
        case [int(low), int(high)] if not isinstance(low, bool) and not isinstance(high, bool):
            if low > high:
                raise Fault(table.key("value"), "has its least above its greatest")
            return low, high
        case [str(), *rest] as words if all(isinstance(word, str) for word in rest):
            if len(set(words)) != len(words) or not all(word.strip() for word in words):
                raise Fault(table.key("value"), "names a word twice or an empty one")
            return tuple(words)
    raise Fault(
        table.key("value"),
        "must be a whole number, two of them, true or false, a word or a list of words",
    )


def _require_sense(limit: Limit, table: Table) -> None:
    if limit.labels and len(limit.labels) != len(limit.choices):
        raise Fault(table.key("labels"), "must be as many as the values")
    kind = PARAMETERS.get(limit.id)
    fault = kind.fault(limit.value) if kind else None
    if fault:
        raise Fault(table.key("value"), fault)
