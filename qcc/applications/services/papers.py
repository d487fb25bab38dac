"""The papers of calls and applications: asked for in the act's transaction, made by the job."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from qcc.applications.models import Application, Call, Competition
from qcc.applications.permissions import application_is_visible_to, call_is_visible_to
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.papers import Paper, list_papers_of
from qcc.infra.scans import scope_papers
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Actor, Permission
from qcc.kernel.scores import rounded
from qcc.organizations.services import issue_numbered
from qcc.regulations.rulebooks import rulebook_for

REVIEW_RESULT = "review_result"


def reads_application(actor: Actor, application_id: int) -> bool:
    """Whether the actor sees the application, and so the papers about it."""
    found = sa.select(Application.id).join(Application.call)
    seen = found.where(Application.id == application_id, application_is_visible_to(actor))
    return db.session.scalar(seen) is not None


def reads_call(actor: Actor, call_id: int) -> bool:
    """Whether the actor sees the call, and so its notice."""
    seen = sa.select(Call.id).where(Call.id == call_id, call_is_visible_to(actor))
    return db.session.scalar(seen) is not None


def reads_competition(actor: Actor, competition_id: int) -> bool:
    """Whether the actor is of the staff that deals with the competition."""
    visible = call_is_visible_to(actor) if actor.may(Permission.COMPETITION_VIEW) else sa.false()
    found = sa.select(Competition.id).join(Competition.call)
    return db.session.scalar(found.where(Competition.id == competition_id, visible)) is not None


scope_papers("application", reads_application)
scope_papers("competition", reads_competition)
scope_papers("call", reads_call)


def ask_for_paper(
    application: Application, kind: str, round_: int, title: str, content: Mapping[str, Any]
) -> Paper:
    """Ask for a paper of the applicant's own, made of the content as it is now: it has no number,
    and the stamped scan of it is part of the application."""
    paper = Paper(
        kind=kind,
        subject_type="application",
        subject_id=application.id,
        round=round_,
        owner_id=application.institution_id,
        name=_name(application, title),
        title=title,
        issuer=application.institution.name,
        dated_on=clock.today(),
        content=dict(content),
        rulebook_version=application.rulebook_version,
        asked_at=clock.now(),
    )
    db.session.add(paper)
    return paper


def issue_official(
    application: Application, kind: str, title: str, content: Mapping[str, Any], round_: int = 1
) -> Paper:
    """Ask for an official paper about the application, under the next document number of the
    commission that issued its call. The last thing of an act: see ``issue_numbered``."""
    return issue_numbered(
        application.call.issuer,
        kind=kind,
        title=title,
        name=_name(application, title),
        subject=("application", application.id),
        owner_id=application.institution_id,
        content=content,
        rulebook_version=application.rulebook_version,
        round_=round_,
    )


def _name(application: Application, title: str) -> str:
    return f"{application.center.name}{title}（{application.number}）.pdf"


def issue_review_result(competition: Competition) -> Paper:
    """Ask for the result of a review as a paper of the receiving body, under its next number."""
    call = competition.call
    book = rulebook_for(competition.center.place, clock.today())
    earlier = list_papers_of("competition", competition.id)
    chosen = competition.chosen
    return issue_numbered(
        call.reception,
        kind=REVIEW_RESULT,
        title="评审结果通报",
        name=f"{competition.center.name}评审结果通报.pdf",
        subject=("competition", competition.id),
        owner_id=call.reception_id,
        content={
            "issuer": call.reception.name,
            "center": competition.center.name,
            "addressee": call.issuer.name,
            "rulebook": book.title,
            "document_number": book.document_number,
            "plan": "\n".join(_plan_in_words(competition)),
            "closed_on": legal_date(competition.closed_at or clock.now()).isoformat(),
            "published_on": clock.today().isoformat(),
            "tie_decision": (
                f"经{call.issuer.name}研究，择定{chosen.institution.name}。"
                f"理由：{competition.choice_reason}"
                if chosen
                else ""
            ),
            "rows": [_result_row(row) for row in competition.result],
        },
        rulebook_version=book.version,
        round_=1 + sum(paper.kind == REVIEW_RESULT for paper in earlier),
    )


def _plan_in_words(competition: Competition) -> list[str]:
    """How points were given, a paragraph each."""
    criteria = "；".join(
        f"{c.title}（权重{c.weight}%，满分{c.most}分）" for c in competition.criteria
    )
    words = [f"评审标准：{criteria}。"]
    if competition.drops_extremes:
        words.append("每项标准去掉一个最高分和一个最低分后取平均值。")
    if competition.minimum is not None:
        words.append(f"最低得分：{competition.minimum}分。")
    lodged = sum(reviewer.lodged_at is not None for reviewer in competition.reviewers)
    words.append(f"共{lodged}名评审专家提交评分。")
    if competition.close_reason:
        words.append(f"评审提前结束，原因：{competition.close_reason}")
    return words


def _result_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the table: mean and spread are those of the reviewers' own totals."""
    own = [Decimal(total) for total in row["totals"].values()]
    return {
        "rank": row["rank"],
        "institution": row["institution"],
        "total": row["total"],
        "mean": str(rounded(Fraction(sum(own)) / len(own))) if own else None,
        "spread": str(max(own) - min(own)) if own else None,
        "below_minimum": row["below_minimum"],
        "tied": bool(row["tied"]),
    }
