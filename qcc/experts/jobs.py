"""Work of panels for the clock: terms, moves, the nightly check, reminders, papers; and letters in
number, for the queue."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from qcc.experts.documents import HTML_OF
from qcc.experts.services.letters import TASK, Letter, keep_letters, make_letters
from qcc.experts.services.moves import follow_moves
from qcc.experts.services.reminding import (
    remind_of_ages,
    remind_of_consents,
    remind_of_reelections,
)
from qcc.experts.services.terms import Found, age_panels, check_all_panels, keep_findings
from qcc.infra.i18n import _, _l
from qcc.infra.outbox import MORNING
from qcc.infra.papers import issue_pending
from qcc.infra.queue import Progress, TaskKind
from qcc.infra.scheduler import Job, Queue
from qcc.kernel.periods import Period
from qcc.kernel.permissions import Actor


def issue_papers() -> str:
    """Issue pending rosters and letters."""
    return f"{issue_pending(HTML_OF)} issued"


def age(period: Period) -> object:
    """Terms near their end, and those that are over."""
    return _("Panels whose term ended: %(count)s", count=age_panels(period.day))


def follow(period: Period) -> object:
    """Members whose employer is another than yesterday."""
    members, panels = follow_moves(period.day)
    return _(
        "Members who moved: %(members)s; panels asked anew: %(panels)s",
        members=members,
        panels=panels,
    )


def find(period: Period) -> Found:
    """What does not hold of any panel."""
    return check_all_panels(period.day)


def keep(_period: Period, found: Found) -> object:
    """Keep what was found."""
    return _(
        "Panels checked: %(checked)s, newly broken: %(broken)s",
        checked=len(found),
        broken=keep_findings(found),
    )


def consents(period: Period) -> object:
    """Consents that are awaited."""
    return _("Reminders: %(count)s", count=remind_of_consents(period.day))


def ages(period: Period) -> object:
    """Members who reach the limit of age."""
    return _("Reminders: %(count)s", count=remind_of_ages(period.day))


def reelections(period: Period) -> object:
    """Terms that end without a new roster."""
    return _("Reminders: %(count)s", count=remind_of_reelections(period.day))


def letters(actor: Actor, params: Mapping[str, Any], tell: Progress) -> list[Letter]:
    """The letters of appointment of a panel, those that are not made yet among them."""
    return make_letters(actor, params, tell, HTML_OF)


TASKS = (TaskKind(TASK, letters, keep_letters, _l("Letters of appointment")),)

JOBS = (
    Queue(
        "experts.issue_papers",
        issue_papers,
        timedelta(seconds=3),
        _l("Rosters and letters to issue"),
    ),
    Job("experts.age_panels", age, title=_l("Terms of expert panels")),
    Job("experts.follow_moves", follow, title=_l("Members who changed their employer")),
    Job("experts.check_all_panels", keep, gather=find, title=_l("All panels against their rules")),
    Job("experts.remind_of_consents", consents, at=MORNING, title=_l("Consents that are awaited")),
    Job("experts.remind_of_ages", ages, at=MORNING, title=_l("Members who reach the limit of age")),
    Job(
        "experts.remind_of_reelections",
        reelections,
        at=MORNING,
        title=_l("Re-elections to prepare"),
    ),
)
