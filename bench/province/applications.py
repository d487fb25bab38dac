"""Applications: who applied for which center, what became of it, what was issued."""

from datetime import datetime, timedelta
from typing import Any

from bench.province import words
from bench.province.bodies import Bodies, Institution
from bench.province.centers import Planned
from bench.province.contents import POSTS, form_of, write_content
from bench.province.history import file, message, step
from bench.province.hosting import host, lose_host
from bench.province.lives import DAY, UNDER_WAY, Life, steps_of
from bench.province.writer import Writer
from qcc.applications.models import (
    Application,
    Decision,
    Remark,
    Submission,
)
from qcc.applications.services.facts import canonical
from qcc.applications.workflow import ApplicationState
from qcc.centers.workflow import CenterState
from qcc.infra.papers import Paper, PaperState

S = ApplicationState


def tell_lives(bodies: Bodies, centers: list[Planned], how_many: int, book: str) -> None:
    """Share the applications out among the centers that were ever called for, and write them."""
    called = [center for center in centers if center.calls]
    share, more = divmod(how_many, len(called))
    near: dict[str, list[Institution]] = {}
    for number, center in enumerate(called):
        if center.place not in near:
            near[center.place] = bodies.within(center.place)
        candidates = near[center.place]
        wanted = min(share + (number < more), len(candidates) * len(center.calls))
        _tell(bodies, center, candidates, wanted, book)
        bodies.writer.flush_if_enough()


def _tell(
    bodies: Bodies, center: Planned, candidates: list[Institution], wanted: int, book: str
) -> None:
    """Half of a center's applications went to its first call, half to its second."""
    for turn, call in enumerate(center.calls):
        part = wanted // 2 if turn else wanted - wanted // 2
        chosen = bodies.rng.sample(candidates, min(part, len(candidates)))
        opened = ("open_call", "vacant" if turn else "planned", "in_call")
        step(bodies.writer, ("center", center.id), opened, call.issuer, call.opened)
        for rank, institution in enumerate(chosen):
            begun = call.opened + (rank * 2 + 1) * DAY * 0.5
            state = _state(center, turn, rank)
            life = Life(center, call, institution, state, begun, corrects=rank % 3 == 1)
            _write(bodies, life, book)
        if turn == 0:
            lose_host(bodies, center, call)


def _state(center: Planned, turn: int, rank: int) -> ApplicationState:
    if turn and center.state is CenterState.IN_CALL:
        return UNDER_WAY[(rank + center.id) % len(UNDER_WAY)]
    if rank == 0 and not (turn and center.state is CenterState.VACANT):
        return S.APPROVED
    return S.WITHDRAWN if rank % 5 == 3 else S.REFUSED


def _write(bodies: Bodies, life: Life, book: str) -> None:
    rng, writer = bodies.rng, bodies.writer
    code, form = words.code(rng), form_of(rng, life)
    number = f"{life.submitted.year}-{code[:5]}-{code[5:]}" if life.was_submitted else None
    key = writer.add(
        Application,
        code=code,
        call_id=life.call.id,
        center_id=life.center.id,
        institution_id=life.institution.id,
        state=life.state,
        number=number,
        **form,
        created_at=life.begun,
        saved_at=life.begun + DAY,
        submitted_at=life.submitted if life.was_submitted else None,
        correct_by=life.call.closes + 30 * DAY if life.state is S.RETURNED else None,
        rulebook_version=book if life.was_submitted else "",
        proposed_by=life.call.reception.person_id if life.is_decided else None,
        recommends_approval=life.state is S.APPROVED if life.is_decided else None,
        decided_at=life.decided if life.is_decided else None,
    )
    content = write_content(rng, writer, key, life, form)
    _tell_steps(writer, key, f"/applications/{code}", number or "", life)
    _rounds(writer, key, number or "", content, life, book)
    if life.is_decided:
        _decide(bodies, key, number or "", content, life, book)


def _tell_steps(writer: Writer, key: int, link: str, number: str, life: Life) -> None:
    params = {
        "number": number,
        "institution": life.institution.name,
        "center": life.center.name,
    }
    is_over = life.is_decided or life.state is S.WITHDRAWN
    for action, before, after, desk, at in steps_of(life):
        told = (action, before.value, after.value)
        reason = "" if action in ("submit", "accept", "resubmit") else REASONS[action]
        step(writer, ("application", key), told, desk, at, reason)
        to = life.call.reception if desk is life.institution.desk else life.institution.desk
        message(writer, to, f"application.{action}", params, link, at, is_over)


REASONS = {
    "return": "可行性报告部分内容需要补充，请按照意见逐条修改后重新提交。",
    "withdraw": "医院内部学科调整，暂不具备承担挂靠工作的人员条件，申请撤回。",
    "propose": "形式审查合格，材料齐全，条件符合管理办法要求，报请卫生健康委审定。",
    "approve": "",
    "refuse": "综合实力和质量管理基础与其他申报单位相比尚有差距，本次不予设置。",
}


def _rounds(
    writer: Writer, key: int, number: str, content: dict[str, Any], life: Life, book: str
) -> None:
    if life.was_returned:
        for part in ("support_funding", "quality_control"):
            writer.add(
                Remark,
                application_id=key,
                round=1,
                part=part,
                text="请补充年度安排、经费来源和负责部门。",
                at=life.submitted + 3 * DAY,
            )
    for round_ in range(1, life.rounds + 1):
        at = life.submitted + (round_ - 1) * 6 * DAY
        text, digest = canonical(content)
        writer.add(
            Submission,
            application_id=key,
            round=round_,
            at=at,
            by=life.institution.desk.person_id,
            content=text,
            sha256=digest,
        )
        values = {**content["form"], "submission_number": number, "content_hash": digest}
        _paper(writer, key, ("application_form", round_, "设置申请表"), values, life, at, book)


def _paper(
    writer: Writer,
    key: int,
    paper: tuple[str, int, str],
    values: dict[str, Any],
    life: Life,
    at: datetime,
    book: str,
) -> None:
    kind, round_, title = paper
    name, issued = f"{life.center.name}{title}.pdf", at + timedelta(seconds=40)
    stored, digest = file(writer, name, life.institution.id, None, issued)
    writer.add(
        Paper,
        kind=kind,
        subject_type="application",
        subject_id=key,
        round=round_,
        state=PaperState.ISSUED,
        owner_id=life.institution.id,
        name=name,
        content=values,
        rulebook_version=book,
        asked_at=at,
        issued_at=issued,
        sha256=digest,
        file_id=stored,
    )


def _decide(
    bodies: Bodies, key: int, number: str, content: dict[str, Any], life: Life, book: str
) -> None:
    approved = life.state is S.APPROVED
    hosting = host(bodies, life, POSTS, book) if approved else None
    bodies.writer.add(
        Decision,
        application_id=key,
        approved=approved,
        reason="" if approved else REASONS["refuse"],
        findings=[],
        rulebook_version=book,
        decided_by=life.call.issuer.person_id,
        decided_at=life.decided,
        hosting_id=hosting,
    )
    title = "设置批准决定" if approved else "不予批准决定"
    values = {"number": number, "center": life.center.name, "approved": approved}
    _paper(bodies.writer, key, ("decision", 1, title), values, life, life.decided, book)
