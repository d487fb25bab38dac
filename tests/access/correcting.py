"""Rectification orders to the center of a place, and violations of it, each at another step."""

from dataclasses import dataclass, field

from qcc.evaluations.services import ordering
from qcc.kernel.permissions import Actor
from tests.factories import rectifying as put
from tests.factories import violating as case_of
from tests.factories.applications import do


@dataclass
class Corrected:
    """What can be named in an address or a form."""

    orders: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    case_versions: dict[str, int] = field(default_factory=dict)
    file: int = 0
    evidence: int = 0
    owner: int = 0
    center: int = 0


def correct(
    commission: Actor, others: tuple[Actor, Actor], director: Actor, secretary: Actor, center: int
) -> Corrected:
    """All of them. The *others* are a colleague who investigates, and who reports."""
    made = Corrected(center=center, owner=director.person_id)
    _accuse(made, commission, others, director)
    for step in ("issued", "planned", "underway", "proven", "handed_in"):
        code = do(lambda: ordering.order_freely(commission, center, put.terms()).code)
        made.orders[step] = code
        if step != "issued":
            put.measured(code, secretary, director)
        if step in ("underway", "proven", "handed_in"):
            put.submitted_plan(code, director)
        if step in ("proven", "handed_in"):
            put.proven(code, secretary)
        if step == "handed_in":
            put.submitted_evidence(code, director)
        order = put.order(code)
        made.versions[step], made.items[step] = order.version, order.items[0].id
        if step == "proven":
            made.evidence = order.items[0].evidence[0].id
    return made


def _accuse(
    made: Corrected, commission: Actor, others: tuple[Actor, Actor], director: Actor
) -> None:
    colleague, reporter = others
    for step in ("reported", "inquiry", "heard", "stated"):
        made.cases[step] = code = case_of.reported(reporter, made.center)
        if step == "inquiry":
            case_of.investigated(code, commission)
        if step in ("heard", "stated"):
            case_of.laid_before(case_of.investigated(code, colleague), colleague)
        if step == "stated":
            case_of.stated(code, director)
        case = case_of.case(code)
        made.case_versions[step], made.file = case.version, case.files[-1].id
