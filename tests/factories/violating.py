"""Cases of prohibited conduct for tests, made by the services that make them in the product."""

from datetime import timedelta

import sqlalchemy as sa

from qcc.evaluations.models import Violation
from qcc.evaluations.services import violations
from qcc.evaluations.services.violations import Report
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.permissions import Actor
from tests.factories.applications import do
from tests.factories.centers import PDF


def case(code: str) -> Violation:
    """The case as it stands now."""
    db.session.rollback()
    return db.session.scalars(sa.select(Violation).filter_by(code=code)).one()


def reported(actor: Actor, center_id: int) -> str:
    """A report with a file; its code."""
    report = Report("product_promotion", clock.today(), "在培训会上推介产品。", PDF, "照片.pdf")
    return do(lambda: violations.report_violation(actor, center_id, report).code)


def investigated(code: str, actor: Actor) -> str:
    """Taken up, and the findings are written."""
    do(lambda: violations.take_up(actor, code, case(code).version))
    version, words = case(code).version, ("走访核实", "在培训会上推介某公司产品")
    do(lambda: violations.write_findings(actor, code, version, *words))
    return code


def laid_before(code: str, actor: Actor) -> str:
    """The center is asked for its statement within ten days."""
    until = clock.today() + timedelta(days=10)
    do(lambda: violations.hear(actor, code, case(code).version, until))
    return code


def heard(reporter: Actor, investigator: Actor, center_id: int) -> str:
    """From the report to the hearing."""
    return laid_before(investigated(reported(reporter, center_id), investigator), investigator)


def stated(code: str, director: Actor) -> str:
    """The center has given its statement."""
    words, version = "情况不属实", case(code).version
    do(lambda: violations.give_statement(director, code, version, words, PDF, "说明.pdf"))
    return code
