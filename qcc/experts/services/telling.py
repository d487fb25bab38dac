"""Messages about panels to the desks that they concern."""

from collections.abc import Callable

from qcc.centers.models import Center
from qcc.centers.queries import current_hosting
from qcc.experts.models import Panel
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, remind, texts
from qcc.kernel.permissions import Role
from qcc.organizations.queries import find_commission

texts(
    {
        "consent.asked": _l("%(center)s asks for consent to the membership of %(expert)s."),
        "consent.asked_many": _l(
            "%(center)s asks for consent to the membership of %(count)s experts."
        ),
        "consent.refused": _l(
            "%(organization)s refused its consent to %(expert)s, who was taken off the roster:"
            " %(reason)s"
        ),
        "consent.complete": _l("All consents for the panel of %(center)s are there."),
        "panel.present": _l("The panel of %(center)s awaits the review."),
        "panel.return": _l("The panel of %(center)s was returned: %(reason)s"),
        "panel.approve": _l("The panel of %(center)s was approved."),
        "panel.dissolve": _l("The panel of %(center)s was dissolved: %(reason)s"),
        "panel.file": _l("The panel of %(center)s is filed."),
        "filing.sent": _l("The panel of %(center)s is sent to you for filing."),
        "filing.change_sent": _l(
            "A replacement in the panel of %(center)s is sent to you for filing."
        ),
        "panel.near_end": _l("The term of the panel of %(center)s ends in %(days)s days."),
        "panel.expire": _l("The term of the panel of %(center)s has ended."),
        "panel.broken": _l("A rule no longer holds for the panel of %(center)s."),
        "member.moved": _l(
            "The employment of %(expert)s on the panel of %(center)s has changed: name a successor,"
            " or prove the exception."
        ),
        "member.present": _l(
            "A personnel change of %(expert)s on the panel of %(center)s awaits the decision."
        ),
        "member.replace": _l("%(successor)s follows %(expert)s on the panel of %(center)s."),
        "member.filed": _l("The replacement of %(expert)s in the panel of %(center)s is filed."),
        "member.except": _l("%(expert)s stays on the panel of %(center)s by exception."),
        "member.return": _l(
            "The proposal about %(expert)s on the panel of %(center)s was returned: %(reason)s"
        ),
        "member.dismiss": _l(
            "The change of %(expert)s on the panel of %(center)s was laid aside: %(reason)s"
        ),
    },
    mandatory={"panel.return", "panel.approve", "panel.expire", "panel.dissolve"},
)


def tell_center(panel: Panel, kind: str, link: str = "", **more: object) -> None:
    """A message to the director's and the secretaries' desks; a center without host has none."""
    tell_desks_of(panel.center, kind, link or f"/panels/{panel.id}", panel.center, more)


def remind_center(panel: Panel, kind: str, **more: object) -> None:
    """The same as a reminder of the day."""
    tell_desks_of(panel.center, kind, f"/panels/{panel.id}", panel.center, more, remind)


def tell_desks_of(
    receiver: Center,
    kind: str,
    link: str,
    about: Center,
    more: dict[str, object] | None = None,
    tell: Callable[..., object] = notify,
) -> None:
    """The same to the desks of any center, about the panel of another."""
    hosting = current_hosting(receiver.id)
    if hosting is None:
        return
    values = {"center": about.name, **(more or {})}
    for role in (Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY):
        tell(hosting.institution_id, role, kind, values, link, receiver.id)


def tell_commission(panel: Panel, kind: str, link: str = "", **more: object) -> None:
    """A message to the commission of the center's level."""
    commission = find_commission(panel.center.place)
    if commission is not None:
        values = {"center": panel.center.name, **more}
        link = link or f"/panels/{panel.id}"
        notify(commission.id, Role.COMMISSION_OFFICER, kind, values, link)
