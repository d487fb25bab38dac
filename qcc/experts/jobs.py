"""Work of panels for the clock: terms, moves, the nightly check, papers."""

from datetime import timedelta

from qcc.experts.documents import HTML_OF
from qcc.experts.services.moves import follow_moves
from qcc.experts.services.terms import Found, age_panels, check_all_panels, keep_findings
from qcc.infra.i18n import _, _l
from qcc.infra.papers import issue_pending
from qcc.infra.scheduler import Job, Queue
from qcc.kernel.periods import Period


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
)
