"""Forms by which annual reports are asked for."""

from wtforms import BooleanField, HiddenField, IntegerField, SelectField

from qcc.evaluations.services.reporting import FIRST_YEAR
from qcc.infra import clock
from qcc.infra.forms import OnceForm
from qcc.infra.i18n import _l


def _years() -> list[tuple[int, str]]:
    """From this year back to that of the Measures."""
    return [(year, str(year)) for year in range(clock.today().year, FIRST_YEAR - 1, -1)]


class ReportForm(OnceForm):
    """The report of a center about a year."""

    center = IntegerField(widget=HiddenField.widget)
    year = SelectField(_l("Year"), coerce=int, choices=_years)


class BatchForm(OnceForm):
    """The reports of all centers in scope about a year."""

    year = SelectField(_l("Year"), coerce=int, choices=_years)
    all_levels = BooleanField(_l("Lower levels too"))
