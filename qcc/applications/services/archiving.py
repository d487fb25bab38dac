"""The file of a competition: everything from the plan to the decision, as one PDF and as a zip
with a manifest of hashes."""

import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from operator import itemgetter
from typing import IO, Any

from qcc.applications.models import Application, Competition, Reviewer
from qcc.applications.permissions import is_decider, is_reception
from qcc.applications.queries import (
    get_competition,
    list_competition_papers,
    list_decisions,
    list_draws,
    list_entries,
    list_lodged,
    list_slots,
    list_submitted_files,
    list_whole_submissions,
)
from qcc.applications.workflow import (
    APPLICATION,
    COMPETITION,
    REVIEWER,
    CompetitionState,
    ReviewerState,
)
from qcc.infra import audit, clock, files
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.papers import Paper, list_papers_of
from qcc.infra.transitions import history
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import Actor
from qcc.kernel.workflow import ActionNotPossible, Workflow
from qcc.organizations.queries import list_names_of_people

KIND = "competition_archive"
SECOND = timedelta(seconds=1)


def ask_for_archive(actor: Actor, code: str) -> Paper:
    """Ask for the file of a competition whose review is closed, as one PDF with a table of
    contents, of what is on record now."""
    competition = archivable(actor, code)
    earlier = [p.round for p in list_papers_of("competition", competition.id) if p.kind == KIND]
    paper = Paper(
        kind=KIND,
        subject_type="competition",
        subject_id=competition.id,
        round=max(earlier, default=0) + 1,
        owner_id=competition.call.reception_id,
        name=f"{competition.center.name}竞争评审档案.pdf",
        title="竞争评审档案",
        issuer=competition.call.reception.name,
        dated_on=clock.today(),
        content=contents_of(competition),
        asked_at=clock.now(),
    )
    db.session.add(paper)
    db.session.flush()
    detail = {"round": paper.round}
    audit.record(actor, "competition.archived", "competition", competition.id, detail)
    return paper


def archivable(actor: Actor, code: str) -> Competition:
    """A competition that the actor receives or decides, once its review is closed."""
    competition = get_competition(actor, code)
    if not (is_reception(actor, competition.call) or is_decider(actor, competition.call)):
        raise NotFound
    if competition.state is not CompetitionState.CLOSED:
        raise ActionNotPossible("archive", competition.state)
    return competition


@dataclass(frozen=True, slots=True)
class ZipMade:
    """A zip that was written: of which competition, under which name, with how many members."""

    competition_id: int
    name: str
    members: int


def note_zip(actor: Actor, made: ZipMade) -> None:
    """Who takes the file out is on record."""
    detail = {"files": made.members}
    audit.record(actor, "competition.archive_read", "competition", made.competition_id, detail)


def make_zip(actor: Actor, code: str, target: IO[bytes]) -> ZipMade:
    """Write the file as a zip: contents, what was submitted with its files, papers, and
    manifest.json with the SHA-256 of each member. Only reads."""
    competition = archivable(actor, code)
    manifest: list[dict[str, object]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in _members(competition):
            archive.writestr(name, data)
            manifest.append({"name": name, "size": len(data), "sha256": sha256(data).hexdigest()})
        listed = {"competition": competition.code, "made_at": _when(clock.now()), "files": manifest}
        archive.writestr("manifest.json", _as_json(listed))
    name = f"{competition.center.name}竞争评审档案.zip"
    return ZipMade(competition.id, name, len(manifest))


def _members(competition: Competition) -> Iterator[tuple[str, bytes]]:
    yield "档案目录与内容.json", _as_json(contents_of(competition))
    for application in list_entries(competition):
        folder = f"申报材料/{application.number}"
        for submission in list_whole_submissions(application.id):
            yield f"{folder}/第{submission.round}次提交.json", submission.content.encode()
        for file in list_submitted_files(application.id):
            yield f"{folder}/附件/{file.code}-{file.file.name}", files.read(file.file)
    for paper in list_competition_papers(competition):
        if paper.file is not None:
            yield f"文书/{paper.id}-{paper.name}", files.read(paper.file)


def _as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode()


def _when(moment: datetime | None) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def contents_of(competition: Competition) -> dict[str, Any]:
    """Everything that is on record of a competition, as plain values."""
    entries = list_entries(competition)
    people = [competition.made_by, competition.first_by, competition.second_by]
    names = list_names_of_people([person for person in people if person])
    return {
        "center": competition.center.name,
        "call": competition.call.title,
        "opens_at": _when(competition.call.opens_at),
        "closes_at": _when(competition.call.closes_at - SECOND),
        "reception": competition.call.reception.name,
        "issuer": competition.call.issuer.name,
        "made_on": clock.today().isoformat(),
        "plan": _plan(competition, names),
        "opening": {
            "at": _when(competition.opened_at),
            "first": names.get(competition.first_by or 0, ""),
            "second": names.get(competition.second_by or 0, ""),
        },
        "applications": [_application(entry) for entry in entries],
        "draws": [_draw(draw) for draw in list_draws(competition.id)],
        "reviewers": [_reviewer(reviewer) for reviewer in competition.reviewers],
        "presentations": [
            [_when(slot.starts_at), slot.application.institution.name, slot.minutes, slot.place]
            for slot in list_slots(competition.id)
        ],
        "closed": {"at": _when(competition.closed_at), "reason": competition.close_reason},
        "result": competition.result,
        "remarks": _remarks(competition),
        "tie": {
            "chosen": competition.chosen.institution.name if competition.chosen else "",
            "reason": competition.choice_reason,
        },
        "decisions": [_decision(decision, entries) for decision in list_decisions(entries)],
        "papers": [
            [p.number or "", p.title or p.name, str(p.dated_on or ""), p.sha256]
            for p in list_competition_papers(competition)
        ],
        "steps": sorted(
            [
                *_steps(COMPETITION, competition.id, "竞争评审"),
                *(
                    step
                    for reviewer in competition.reviewers
                    for step in _steps(REVIEWER, reviewer.id, f"评审专家 {reviewer.person.name}")
                ),
                *(
                    step
                    for entry in entries
                    for step in _steps(APPLICATION, entry.id, entry.institution.name)
                ),
            ],
            key=itemgetter(0),
        ),
    }


def _plan(competition: Competition, names: dict[int, str]) -> dict[str, Any]:
    return {
        "made_by": names.get(competition.made_by, ""),
        "made_at": _when(competition.made_at),
        "criteria": [[c.id, c.title, c.weight, c.most, c.levels] for c in competition.criteria],
        "seats": competition.seats,
        "drops_extremes": competition.drops_extremes,
        "minimum": None if competition.minimum is None else str(competition.minimum),
        "bound": None if competition.bound is None else str(competition.bound),
        "slot_minutes": competition.slot_minutes,
        "review_days": competition.review_days,
    }


def _application(entry: Application) -> dict[str, Any]:
    return {
        "code": entry.code,
        "number": entry.number,
        "institution": entry.institution.name,
        "submissions": [
            [submission.round, _when(submission.at), submission.sha256]
            for submission in list_whole_submissions(entry.id)
        ],
        "conditions": [[a.item.heading, a.confirmed, a.remark] for a in entry.answers],
        "state": entry.state.value,
    }


def _draw(draw: Any) -> dict[str, Any]:
    return {
        "at": _when(draw.at),
        "specialty": draw.specialty,
        "seed": draw.seed,
        "candidates": draw.candidates,
        "drawn": draw.drawn,
    }


def _reviewer(reviewer: Reviewer) -> dict[str, Any]:
    employer = reviewer.person.employer
    return {
        "code": reviewer.code,
        "name": reviewer.person.name,
        "employer": employer.name if employer else "",
        "specialty": reviewer.specialty,
        "state": reviewer.state.value,
        "how": "随机抽取" if reviewer.draw_id else f"选定：{reviewer.reason}",
        "declared_at": _when(reviewer.declared_at),
        "lodged_at": _when(reviewer.lodged_at),
        "end_reason": reviewer.end_reason,
    }


def _remarks(competition: Competition) -> list[list[object]]:
    """What reviewers said beside their points."""
    lodged = {r.id: r.code for r in competition.reviewers if r.state is ReviewerState.LODGED}
    entries = {entry.id: entry.code for entry in list_entries(competition)}
    return [
        [lodged[row.reviewer_id], entries.get(row.application_id, ""), row.criterion_id, row.remark]
        for row in list_lodged(list(lodged))
        if row.remark
    ]


def _decision(decision: Any, entries: Sequence[Application]) -> dict[str, Any]:
    entry = next(e for e in entries if e.id == decision.application_id)
    return {
        "institution": entry.institution.name,
        "approved": decision.approved,
        "reason": decision.reason,
        "at": _when(decision.decided_at),
        "rulebook": decision.rulebook_version,
    }


def _steps(workflow: Workflow, subject_id: int, about: str) -> list[list[str]]:
    return [
        [
            _when(step.at),
            about,
            step.action,
            f"{step.organization_name} {step.person_name}",
            step.reason,
        ]
        for step in reversed(history(workflow, subject_id))
    ]
