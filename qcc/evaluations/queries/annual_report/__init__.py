"""The year of a center as its annual report tells it: as many queries for every center."""

from datetime import date

from qcc.centers.models import Center
from qcc.evaluations.queries.annual_report.people import (
    is_on,
    list_hostings,
    officers_of,
    panel_of,
    profile_of,
)
from qcc.evaluations.queries.annual_report.records import (
    documents_of,
    rectifications_of,
    rules_of,
    visits_of,
)
from qcc.evaluations.queries.annual_report.results import results_of
from qcc.evaluations.queries.annual_report.work import actions_of, meetings_of, tasks_of
from qcc.evaluations.queries.records import kinds_asked
from qcc.evaluations.rules import annual_report as facts
from qcc.meetings.queries import months_of


def read_center_year(center: Center, year: int, today: date) -> facts.CenterYear:
    """Everything that is on record of a center's year; the caller has checked the scope."""
    on = min(date(year, 12, 31), today)
    hostings = list_hostings(center.id)
    profile = profile_of(center, hostings)
    host = next((h for h in hostings if is_on(h, on)), None)
    return facts.CenterYear(
        year=year,
        on=on,
        profile=profile,
        officers=officers_of(center.id, date(year, 1, 1), on),
        panel=panel_of(center.id, on, host.institution_id if host else None),
        months=tuple(
            state.value for state in months_of([(center.id, center.place)], year, today)[center.id]
        ),
        meetings=meetings_of(center.id, year),
        actions=actions_of(center.id, year),
        tasks=tasks_of(center.id, year),
        documents=documents_of(center, year, today),
        rules=rules_of(center.id, on),
        rules_asked=kinds_asked(center.place, on),
        visits=visits_of(center.id, year),
        results=results_of(center.id, year),
        rectifications=rectifications_of(center.id, date(year, 1, 1), on),
    )
