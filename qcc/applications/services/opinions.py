"""What a refused applicant has to say, once and in time, and the commission's answer.

Neither changes the decision.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from qcc.applications.models import Application, Opinion, OpinionFile
from qcc.applications.permissions import is_applicant, is_decider
from qcc.applications.queries import lock_application
from qcc.applications.queries.opinions import decision_on, lock_opinion
from qcc.applications.services.facts import edition
from qcc.applications.workflow import ApplicationState
from qcc.applications.workflow.opinion import OPINION, AnswerFacts, OpinionState, last_moment
from qcc.infra import clock
from qcc.infra.codes import new_code
from qcc.infra.db import db, violates
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import accept_upload
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.transitions import begin, take
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Actor, Role

texts(
    {
        "opinion.send": _l(
            "%(institution)s sent its opinion on the refusal of application %(number)s: answer it."
        ),
        "opinion.answer": _l("Your opinion on application %(number)s was answered."),
    },
    mandatory={"opinion.answer"},
)

MOST_OPINION_FILES = 10


def opinion_is_due(version: str, place: str, refused_at: datetime) -> datetime | None:
    """The first moment that is too late for an opinion; None where the rulebook allows none."""
    book = edition(version, place)
    if "opinion.days" not in book:
        return None
    return last_moment(legal_date(refused_at), book["opinion.days"].number)


def send_opinion(
    actor: Actor, code: str, text: str, uploads: Sequence[tuple[bytes, str]] = ()
) -> Opinion:
    """The applicant of a refused application says what it has to say, once, within the days that
    the rulebook gives."""
    application = lock_application(actor, code)
    if not is_applicant(actor, application) or application.state is not ApplicationState.REFUSED:
        raise NotFound
    _require_in_time(application)
    if not text.strip():
        raise Refused(_l("Write your opinion."), "text")
    if len(uploads) > MOST_OPINION_FILES:
        raise Refused(_l("At most 10 files can be attached to an opinion."), "files")
    opinion = Opinion(
        application_id=application.id,
        state=OpinionState.SENT,
        text=text.strip(),
        sent_by=actor.person_id,
        sent_at=clock.now(),
    )
    db.session.add(opinion)
    try:
        db.session.flush()
    except IntegrityError as error:
        if not violates(error, "uq_opinions_application_id"):
            raise
        raise Refused(_l("Your institution has sent its opinion already.")) from None
    for data, name in uploads:
        stored = accept_upload(data, name, actor.organization_id, actor.user_id)
        opinion.files.append(OpinionFile(code=new_code(), file=stored))
    begin(OPINION, opinion, "send", actor, reason=text, detail={"application": application.id})
    params = {"institution": application.institution.name, "number": application.number}
    link = f"/applications/{code}/opinion"
    notify(application.call.issuer_id, Role.COMMISSION_OFFICER, "opinion.send", params, link)
    return opinion


def _require_in_time(application: Application) -> None:
    refused_at = decision_on(application.id).decided_at
    due = opinion_is_due(application.rulebook_version, application.center.place, refused_at)
    if due is None or clock.now() >= due:
        raise Refused(_l("The time for an opinion has passed."))


def answer_opinion(actor: Actor, code: str, answer: str) -> Opinion:
    """The commission answers, by another person than who decided the refusal."""
    application = lock_application(actor, code)
    if not is_decider(actor, application.call):
        raise NotFound
    opinion = lock_opinion(application.id)
    OPINION.find("answer", opinion.state)
    facts = AnswerFacts(actor.person_id, decision_on(application.id).decided_by)
    opinion.answer, opinion.answered_by = answer.strip(), actor.person_id
    opinion.answered_at = clock.now()
    detail = {"application": application.id}
    take(OPINION, opinion, "answer", actor, facts=facts, reason=answer, detail=detail)
    notify(
        application.institution_id,
        Role.INSTITUTION_OFFICER,
        "opinion.answer",
        {"number": application.number},
        f"/applications/{code}/opinion",
    )
    return opinion
