"""The filing (备案) that follows an approval: with the upper-level center, a provincial panel with
the national one, and then with the evaluation center (M.12(6)). A replacement in an approved panel
is filed with the same bodies."""

from qcc.centers.queries import current_hosting
from qcc.experts.models import Filing, FilingReceiver, MemberChange, Panel
from qcc.experts.permissions import is_of_center
from qcc.experts.queries import find_upper_center, get_filing, lock_any_panel, lock_panel
from qcc.experts.services.consents import Answer
from qcc.experts.services.nomination import panel_moment
from qcc.experts.services.telling import tell_center, tell_desks_of
from qcc.experts.workflow import ENDED, PANEL, PanelState
from qcc.infra import audit, clock, files
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.places import Level, level_of
from qcc.organizations.models import OrganizationKind
from qcc.organizations.queries import find_reception


def send_filings(panel: Panel, change: MemberChange | None = None) -> None:
    """Send an approved panel, or a replacement in it, to whom it is filed with.

    The national center is outside the system, and an upper-level center may not exist yet: then
    the secretary records the receipt that comes on paper.
    """
    if level_of(panel.center.place) is Level.PROVINCE:
        _send(panel, change, FilingReceiver.NATIONAL_CENTER)
        _send_to_evaluation(panel, change)
        return
    upper = find_upper_center(panel.center)
    _send(panel, change, FilingReceiver.UPPER_CENTER, center_id=upper.id if upper else None)
    if upper is not None:
        tell_desks_of(upper, _news(change), "/filings", panel.center)


def _news(change: MemberChange | None) -> str:
    return "filing.change_sent" if change else "filing.sent"


def _send_to_evaluation(panel: Panel, change: MemberChange | None) -> None:
    reception = find_reception(panel.center.place)
    if reception is None or reception.kind is not OrganizationKind.EVALUATION_CENTER:
        _send(panel, change, FilingReceiver.EVALUATION_CENTER)
        return
    _send(panel, change, FilingReceiver.EVALUATION_CENTER, organization_id=reception.id)
    values = {"center": panel.center.name}
    notify(reception.id, Role.EVALUATION_OFFICER, _news(change), values, "/filings")


def _send(
    panel: Panel,
    change: MemberChange | None,
    receiver: FilingReceiver,
    center_id: int | None = None,
    organization_id: int | None = None,
) -> None:
    panel.filings.append(
        Filing(
            change=change,
            receiver=receiver,
            center_id=center_id,
            organization_id=organization_id,
            sent_at=clock.now(),
        )
    )


def is_recorded_on_paper(filing: Filing) -> bool:
    """Whether the receiver has no desk here that could note the filing itself."""
    if filing.organization_id is not None:
        return False
    return filing.center_id is None or current_hosting(filing.center_id) is None


def receive_filing(actor: Actor, filing_id: int, version: int, number: str) -> Panel:
    """The upper-level center or the evaluation center notes that it has the filing."""
    filing = get_filing(actor, filing_id)
    panel = lock_any_panel(filing.panel_id)
    db.session.refresh(filing)
    require_version(filing, version)
    _note_receipt(actor, panel, filing, number)
    return panel


def record_filing(
    actor: Actor, panel_id: int, filing_id: int, version: int, answer: Answer
) -> Panel:
    """The secretary records a receipt from outside the system: the national center's, or that of
    an upper-level center that has no desk here. The scan is its proof."""
    panel = lock_panel(actor, panel_id)
    filing = next((f for f in panel.filings if f.id == filing_id), None)
    if filing is None or not is_of_center(actor, panel):
        raise NotFound
    if not is_recorded_on_paper(filing):
        raise Refused(_l("The receiver notes this filing itself."))
    if not answer.data:
        raise Refused(_l("Attach the scan of the receipt."), "file")
    require_version(filing, version)
    filing.file = files.accept_upload(
        answer.data, answer.filename, actor.organization_id, actor.user_id
    )
    _note_receipt(actor, panel, filing, answer.number)
    return panel


def _note_receipt(actor: Actor, panel: Panel, filing: Filing, number: str) -> None:
    if filing.received_at is not None:
        raise Refused(_l("This filing was received already."))
    if panel.state in ENDED:
        raise Refused(_l("The panel has ended: nothing is filed any more."))
    filing.received_at, filing.received_by = clock.now(), actor.person_id
    filing.number = number.strip()
    db.session.flush()
    audit.record(
        actor,
        "filing.received",
        "panel",
        panel.id,
        {
            "filing": filing.id,
            "receiver": filing.receiver.value,
            "number": filing.number,
            "change": filing.change_id,
        },
    )
    if filing.change is not None:
        _tell_when_filed(panel, filing.change)
        return
    moment = panel_moment(panel)
    if moment.filings_are_complete and panel.state is PanelState.APPROVED:
        take(PANEL, panel, "file", actor, facts=moment)
        tell_center(panel, "panel.file")


def _tell_when_filed(panel: Panel, change: MemberChange) -> None:
    if all(f.received_at for f in panel.filings_of(change)):
        name = change.member.expert.person.name
        tell_center(panel, "member.filed", f"/member-changes/{change.id}", expert=name)
