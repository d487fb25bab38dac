"""Direct designations for tests, made by the services that make them in the product."""

from qcc.applications.models import Designation
from qcc.applications.queries.designations import get_designation
from qcc.applications.services import designating, designation_drafts
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Actor
from tests.factories.applications import POSTS, Stage, do, officer_values
from tests.factories.centers import PDF, planned

GROUNDS = ("national_qc_host",)
REASON = "该院为国家医疗质量控制中心挂靠单位。"


def began(here: Stage, specialty: str = "口腔", host: Actor | None = None) -> str:
    """A draft in which nothing is written; its code."""
    center = planned(here.commission, specialty).id
    name = (host or here.applicant).organization_name
    return do(lambda: designation_drafts.start_designation(here.commission, center, name).code)


def row(code: str) -> Designation:
    """The designation as the database has it now."""
    db.session.rollback()
    return db.session.query(Designation).filter_by(code=code).one()


def fill(actor: Actor, code: str, *, without: tuple[str, ...] = ()) -> None:
    """Grounds with their evidence, and officers who agree with the rules."""
    with transaction():
        version = get_designation(actor, code).version
        designation_drafts.save_grounds(actor, code, version, GROUNDS, REASON)
        if "evidence" not in without:
            designation_drafts.attach_evidence(actor, code, GROUNDS[0], PDF, "批复.pdf")
        if "officers" not in without:
            for number, (post, more) in enumerate(POSTS):
                values = officer_values(post, f"人选{code[:3]}{number}", **more)
                designation_drafts.add_designated_officer(actor, code, "", values)


def drafted(here: Stage, specialty: str = "口腔", host: Actor | None = None) -> str:
    """A draft that can be proposed."""
    code = began(here, specialty, host)
    fill(here.commission, code)
    return code


def propose(actor: Actor, code: str) -> None:
    """Propose what stands there now."""
    version = row(code).version
    do(lambda: designating.propose_designation(actor, code, version))


def proposed(here: Stage, specialty: str = "口腔", host: Actor | None = None) -> str:
    """A designation under formal check."""
    code = drafted(here, specialty, host)
    propose(here.commission, code)
    return code


def to_decide(here: Stage, specialty: str = "口腔", host: Actor | None = None) -> str:
    """A designation that lies before the commission: its colleague can decide it."""
    code = proposed(here, specialty, host)
    do(lambda: designating.pass_designation(here.reception, code, "依据充分"))
    return code


def designated(here: Stage, specialty: str = "口腔", host: Actor | None = None) -> str:
    """An approved designation."""
    code = to_decide(here, specialty, host)
    do(lambda: designating.approve_designation(here.colleague, code))
    return code
