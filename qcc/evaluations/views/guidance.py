"""What a round waits for, in a sentence."""

from qcc.evaluations.models import Round
from qcc.evaluations.workflow import RoundMoment, RoundState
from qcc.infra.i18n import _
from qcc.infra.templating import as_long_day


def next_step(round_: Round, moment: RoundMoment) -> object:
    """What the organizer does next, or waits for; empty once nothing is left to do."""
    match round_.state:
        case RoundState.PLANNED if not moment.centers:
            return _("No center can be assessed for this year.")
        case RoundState.PLANNED:
            return _("Seat the assessors, then open the self-assessment to the centers.")
        case RoundState.OPEN if not moment.has_scale:
            return _("The commission has to set the pass mark before anything is scored.")
        case RoundState.OPEN if not moment.seated:
            return _("Seat at least one assessor.")
        case RoundState.OPEN:
            day = as_long_day(round_.self_until)
            return _(
                "%(done)s of %(all)s centers have submitted; accounts are due by %(day)s.",
                done=moment.submitted,
                all=moment.centers,
                day=day,
            )
        case RoundState.SCORING:
            return _(
                "%(done)s of %(all)s assessors have lodged. Scores show once all have.",
                done=moment.lodged,
                all=moment.seated,
            )
    return ""
