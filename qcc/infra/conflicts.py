"""When two people edited one row: the second sees both versions, field by field, and decides.

The form comes back with all that was typed, and with the row's present version: sending it again
overwrites knowingly. The template shows the differences with components/conflict.html.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms import Field

from qcc.infra.forms import VersionedForm
from qcc.infra.i18n import _


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the two versions differ: its label, what is saved now, what was typed."""

    label: Any
    theirs: str
    yours: str


def confront(form: VersionedForm, version: int, theirs: Mapping[str, Any]) -> list[Difference]:
    """The differences between the form and the row as it is now (*theirs*, by field); the form
    takes the row's present *version*."""
    form.version.raw_data, form.version.data = None, version
    return [
        Difference(form[name].label.text, _shown(form[name], value), _shown(form[name]))
        for name, value in theirs.items()
        if _plain(value) != _plain(form[name].data)
    ]


def _plain(value: Any) -> Any:
    """Nothing and the empty text are the same; a No is something."""
    return "" if value is None else value


_TYPED = object()


def _shown(field: Field, value: Any = _TYPED) -> str:
    """A value as the reader knows it: choices by their words."""
    if value is _TYPED:
        value = field.data
    options = dict(getattr(field, "choices", None) or ())
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, date):
        return value.isoformat()
    return str(options.get(value, value))
