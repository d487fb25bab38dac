"""Findings as sentences, in the reader's language: what is wrong, and how to mend it.

A finding comes fresh from a rule, or as the dictionary that was stored when it was decided; both
read the same. The sentences stand in rule_wordings.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import get_locale

from qcc.infra.i18n import _, _l
from qcc.infra.rule_wordings import WORDINGS, Wording
from qcc.kernel.dates import chinese_date
from qcc.kernel.rules import Finding, Force, Limit
from qcc.regulations.catalogs import divisions

Params = dict[str, Any]

FORCES = {
    Force.MANDATORY: _l("Mandatory"),
    Force.PRINCIPLE: _l("In principle"),
    Force.ADVISORY: _l("Advisory"),
}

_GENERAL = Wording(_l("This rule is not met: %(source)s."), _l("See %(article)s."))

_WORDS = {
    "director": _l("Director"),
    "executive_deputy": _l("Executive deputy director"),
    "deputy": _l("Deputy director"),
    "secretary": _l("Liaison secretary"),
    "president": _l("president"),
    "vice_president_in_charge": _l("vice-president in charge"),
    "other": _l("other post"),
}
"""Words of ours that findings name by key: posts, and positions at the host."""

_WORD_KEYS = {"post", "posts", "position", "positions"}
_PLACE_KEYS = {"place", "province"}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def force_label(force: Force | str) -> str:
    """The force of a rule in one word."""
    return str(FORCES[Force(force)])


def limit_text(limit: Limit) -> str:
    """The value of a limit with its unit, as the page of a rulebook shows it."""
    if isinstance(limit.value, bool):
        return str(_("required") if limit.value else _("not required"))
    if isinstance(limit.value, tuple) and isinstance(limit.value[0], str):
        return "；".join(limit.labels or limit.choices)
    if isinstance(limit.value, str):
        return limit.value
    least, most = limit.span
    number = f"{most}" if least == most else f"{least}–{most}"
    text = f"{number} {limit.unit}".strip()
    return text if limit.inclusive else str(_("%(value)s (not inclusive)", value=text))


def describe(finding: Finding | Mapping[str, Any]) -> str:
    """What was found, with the arithmetic."""
    content = _content(finding)
    return str(_wording(content).says) % _params(content)


def mend(finding: Finding | Mapping[str, Any]) -> str:
    """What to do about it; for a rule in principle, also that it can be justified."""
    content = _content(finding)
    advice = str(_wording(content).mend) % _params(content)
    if content["force"] == Force.PRINCIPLE:
        advice = _(
            "%(advice)s The commission may let it pass with a written justification.",
            advice=advice,
        )
    return advice


def _content(finding: Finding | Mapping[str, Any]) -> Mapping[str, Any]:
    return finding.as_dict() if isinstance(finding, Finding) else finding


def _wording(content: Mapping[str, Any]) -> Wording:
    return WORDINGS.get((content["rule"], content.get("variant", "")), _GENERAL)


def _params(content: Mapping[str, Any]) -> Params:
    """Everything that a sentence may name, each value as the reader writes it."""
    raw: Params = {
        "subject": content.get("subject", ""),
        "article": content.get("article", ""),
        "source": content.get("source", ""),
        **content.get("allowed", {}),
        **content.get("observed", {}),
    }
    for work_out in _ARITHMETIC:
        raw |= work_out(raw)
    if content["rule"].endswith("_count"):
        raw["post"] = content["rule"].removeprefix("officers.").removesuffix("_count")
    return {key: _written(key, value) for key, value in raw.items()}


def _excess(raw: Params) -> Params:
    """How many are too many, for what is counted against a greatest number."""
    counted = raw.get("count", raw.get("size"))
    if counted is None or "most" not in raw:
        return {}
    return {"excess": counted - raw["most"]}


def _host_share(raw: Params) -> Params:
    """The host's part of the panel in percent, to one place; and how many are too many."""
    if "host" not in raw or not raw.get("size"):
        return {}
    tenths = (raw["host"] * 2000 + raw["size"]) // (2 * raw["size"])
    share = f"{tenths // 10}.{tenths % 10}"
    excess = raw["host"] - raw["most"] if "most" in raw else 0
    return {"share": raw.get("share", share), "excess_host": excess}


def _span(raw: Params) -> Params:
    """The permitted number of officers, and how many are lacking."""
    if "least" not in raw or "most" not in raw:
        return {}
    least, most = raw["least"], raw["most"]
    span = str(least) if least == most else f"{least}–{most}"
    return {"span": span, "lacking": least - raw["count"]}


_ARITHMETIC: tuple[Callable[[Params], Params], ...] = (_excess, _host_share, _span)


def _written(key: str, value: Any) -> Any:
    """The value as it stands in a sentence."""
    if isinstance(value, list | tuple):
        return _(", ").join(str(_written(key, each)) for each in value)
    if key in _WORD_KEYS:
        return str(_WORDS.get(value, value))
    if key in _PLACE_KEYS:
        return _place(value)
    if isinstance(value, str) and _ISO.fullmatch(value):
        return _date(value)
    return value


def _place(code: str) -> str:
    return next((each.name for each in divisions() if each.code == code), code)


def _date(iso: str) -> str:
    """2026-03-01, and in Chinese prose 2026年3月1日."""
    locale = get_locale()
    return chinese_date(date.fromisoformat(iso)) if locale and locale.language == "zh" else iso
