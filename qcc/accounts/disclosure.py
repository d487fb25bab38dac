"""What the audit administrator is told of an event.

The trail holds every act with its words, before and after. Who audits has to see who did what to
what and when, and whether a text was changed, but none of the administrators reads business data
(三员分立). So the words of business are told by their length and hash only: enough to recognize a
text that somebody shows, and nothing to read.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from qcc.infra.i18n import _

ADMINISTRATION = frozenset({"audit", "catalog", "file", "organization", "person", "user"})
"""Types of subjects that administrators look after themselves: their details are told whole."""

TOLD = frozenset(
    {
        "article", "closes_at", "correct_by", "evidence", "force", "from", "item", "kind", "on",
        "opens_at", "part", "place", "post", "receiver", "role", "round", "rule", "rulebook",
        "sha256", "term_start", "variant",
    }
)  # fmt: skip
"""Names of details that hold a code, a day or a hash, and never what somebody wrote."""

_STATE = re.compile(r"[a-z_]{0,32}")


def told(event: str, subject_type: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    """The detail of an event without the words of business."""
    if subject_type in ADMINISTRATION:
        return dict(detail)
    keeps_states = not event.endswith("edited")
    return {name: _told(name, value, keeps_states) for name, value in detail.items()}


def _told(name: str, value: Any, keeps_states: bool) -> Any:
    if isinstance(value, Mapping):
        return {key: _told(key, each, keeps_states) for key, each in value.items()}
    if isinstance(value, list):
        return [_told(name, each, keeps_states) for each in value]
    if not isinstance(value, str) or not value or name in TOLD:
        return value
    if keeps_states and name in ("before", "after") and _STATE.fullmatch(value):
        return value
    digest = sha256(value.encode()).hexdigest()[:16]
    return _("%(count)s characters, SHA-256 %(digest)s…", count=len(value), digest=digest)
