"""Reading applications: the list, one application, its files and papers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

from flask import render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from qcc.applications.labels import HOLDERS, action_words
from qcc.applications.models import Application, Call, Slot
from qcc.applications.permissions import is_applicant, is_decider, is_reception
from qcc.applications.queries import (
    Life,
    ReadApplication,
    ReadCall,
    ReadStep,
    Wanted,
    find_slot_of,
    get_file,
    get_paper,
    get_whole_application,
    list_applications,
    list_remarks,
    list_submissions,
    read_application,
    read_last_submitted,
    read_life,
    read_papers,
)
from qcc.applications.sections import (
    SECTIONS,
    STAMPED,
    EligibilityItem,
    asked_items,
    remarkable_parts,
)
from qcc.applications.services.facts import edition, present_files, rulebook_of
from qcc.applications.submitted import submitted_content
from qcc.applications.tasks import tasks_of
from qcc.applications.views import bp
from qcc.applications.views.calls import last_day
from qcc.applications.workflow import APPLICATION, INTERNAL, WITH_APPLICANT, ApplicationState
from qcc.applications.workflow.opinion import OPINION
from qcc.centers.rules import OfficerPost
from qcc.infra import audit, files, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound
from qcc.infra.files import MEDIA_TYPES, StoredFile
from qcc.infra.i18n import _, current_language
from qcc.infra.idempotency import new_key
from qcc.infra.papers import PaperState
from qcc.infra.templating import PAGE, badges
from qcc.infra.transitions import history
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P
from qcc.kernel.rules import Rulebook

Answer = str | tuple[str, int] | Response


SECOND = timedelta(seconds=1)


def part_names(book: Rulebook, jurisdiction: str) -> Mapping[str, str]:
    """The parts of an application that a remark can stand at, by their keys."""
    return _part_names(book, jurisdiction, current_language())


@lru_cache(maxsize=1024)
def _part_names(book: Rulebook, jurisdiction: str, _language: str) -> Mapping[str, str]:
    names = {
        "form": _("Institution and reason"),
        "officers": _("Proposed officers of the center"),
        **{item.value: item.heading for item in EligibilityItem},
        **{section.key: section.title for section in SECTIONS},
    }
    parts = remarkable_parts(book, jurisdiction)
    return {part: name for part, name in names.items() if part in parts}


def _wanted() -> Wanted:
    return Wanted(
        state=listing.chosen("state", ApplicationState),
        center_id=listing.key("center") or None,
        call_id=listing.key("call") or None,
        search=listing.words(),
    )


@bp.get("/applications")
@requires(P.APPLICATION_VIEW)
def index() -> Answer:
    """The applications that the reader may see."""
    actor, wanted = current_actor(), _wanted()
    after = request.args.get("after", "")[:10]
    rows, count = list_applications(actor, wanted, after=after, limit=PAGE + 1)
    return render_template(
        "applications/index.html",
        rows=rows[:PAGE],
        next_after=rows[PAGE - 1].code if len(rows) > PAGE else None,
        after=after,
        count=count,
        badges=badges(ApplicationState),
        wanted=wanted,
        states=[s for s in ApplicationState if actor.may(P.APPLICATION_EDIT) or s.value != "draft"],
    )


def whole_page(code: str) -> dict[str, Any]:
    """What every page shows on which one application is worked."""
    actor = current_actor()
    application = get_whole_application(actor, code)
    book = rulebook_of(application)
    return {
        **_said(actor, application, application.call, book),
        "call": application.call,
        "officers": _by_rank(application.officers),
        "answers": application.answers,
        "texts": {section.key: section.text for section in application.sections},
        "files_at": _by_part(present_files(application)),
        "is_editable": application.state in WITH_APPLICANT and is_applicant(actor, application),
        "part_names": part_names(book, application.center.place),
        "posts": list(OfficerPost),
        "closing_day": last_day(application.call),
        "last_correction_day": application.correct_by and application.correct_by - SECOND,
    }


def _said(
    actor: Actor, application: Application | ReadApplication, call: Call | ReadCall, book: Rulebook
) -> dict[str, Any]:
    """What every page of one application shows, whether it is read or worked on."""
    return {
        "application": application,
        "here": url_for("applications.show", code=application.code),
        "book": book,
        "sections": SECTIONS,
        "items": asked_items(book, application.center.place),
        "holder": HOLDERS[application.state],
        "is_applicant": is_applicant(actor, application),
        "is_reception": is_reception(actor, call),
        "is_decider": is_decider(actor, call),
        "actions": {t.action for t in APPLICATION.possible(application.state, actor.permissions)},
        "stamped_part": STAMPED,
        "paper_badges": badges(PaperState),
        "words": action_words,
        "key": new_key(),
    }


def _by_rank(officers: Iterable[Any]) -> list[Any]:
    return sorted(officers, key=lambda officer: officer.post.rank)


def _by_part(files: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for each in files:
        found.setdefault(each.part, []).append(each)
    return found


def record_reading(code: str) -> ReadApplication:
    """The application; who but the applicant reads one that competes is on record (M.11)."""
    actor = current_actor()
    application = read_application(actor, code)
    if application.competition and not is_applicant(actor, application):
        detail = {"number": application.number}
        with transaction():
            audit.record(actor, "application.read", "application", application.id, detail)
    return application


@bp.get("/applications/<code>")
@requires(P.APPLICATION_VIEW)
def show(code: str) -> Answer:
    """One application: a task list while it is being written, else what it says and its life."""
    actor = current_actor()
    application = record_reading(code)
    if application.state in WITH_APPLICANT and is_applicant(actor, application):
        return _task_list(code)
    book = edition(application.rulebook_version, application.center.place)
    page = _said(actor, application, application.call, book)
    submitted = None if page["is_applicant"] else _last_submitted(application)
    life = read_life(application.id, with_content=not submitted)
    return render_template(
        "applications/show.html",
        **page,
        **({} if submitted else _content(life)),
        submitted=submitted,
        files_at=_by_part(life.files),
        remarks=life.remarks,
        part_names=part_names(book, application.center.place) if life.remarks else {},
        steps=steps_for(page, life.steps),
        may_see_opinion=application.state is ApplicationState.REFUSED
        and (page["is_applicant"] or any(step.workflow == OPINION.name for step in life.steps)),
        **papers_shown(life.papers),
        submissions=life.submissions,
        decision=application.decision,
        competition=None if page["is_applicant"] else application.competition,
        slot=_own_slot(application) if page["is_applicant"] else None,
        is_editable=False,
    )


def _own_slot(application: ReadApplication) -> Slot | None:
    """When the applicant presents."""
    return find_slot_of(application.id) if application.competition else None


def _content(life: Life) -> dict[str, Any]:
    """What an application says."""
    return {
        "officers": _by_rank(life.officers),
        "answers": life.answers,
        "texts": {section.key: section.text for section in life.sections},
    }


def papers_shown(papers: Sequence[Any]) -> dict[str, Any]:
    """The papers, and whether one of them is still being made."""
    return {"papers": papers, "is_waiting": any(p.state == PaperState.PENDING for p in papers)}


def _task_list(code: str) -> Answer:
    """The parts of an application that is being written, and where each stands."""
    page = whole_page(code)
    application = page["application"]
    remarks = list_remarks(application.id)
    return render_template(
        "applications/tasks.html",
        **page,
        tasks=tasks_of(application, page["items"], remarks, page["book"]),
        steps=steps_for(page, history(APPLICATION, application.id)),
        submissions=list_submissions(application.id),
    )


def _last_submitted(application: ReadApplication) -> dict[str, Any] | None:
    """What others see of an application that is, or last was, in the applicant's hands: not what
    is being written there, but what was submitted."""
    if application.state not in (ApplicationState.RETURNED, ApplicationState.WITHDRAWN):
        return None
    content = read_last_submitted(application.id)
    return submitted_content(content) if content else None


def steps_for(page: dict[str, Any], steps: Iterable[Any]) -> list[ReadStep]:
    """The timeline, newest first. What the authorities say to each other before the decision is
    not for the applicant: it may speak of rivals. An opinion and its answer are for both sides."""
    return [
        ReadStep(
            step.workflow,
            step.action,
            step.at,
            step.organization_name,
            step.person_name,
            "" if page["is_applicant"] and step.action in INTERNAL else step.reason,
        )
        for step in steps
    ]


@bp.get("/applications/<code>/papers")
@requires(P.APPLICATION_VIEW)
def papers(code: str) -> Answer:
    """The list of papers alone, for a page that waits until one is made."""
    application = read_application(current_actor(), code)
    return render_template(
        "applications/_papers.html",
        **papers_shown(read_papers(application.id)),
        paper_badges=badges(PaperState),
        here=url_for("applications.show", code=code),
    )


def sent(actor: Actor, stored: StoredFile, event: str, application_id: int) -> Response:
    """The bytes as an attachment with their fixed type; the download is in the audit."""
    data = files.read(stored)
    with transaction():
        audit.record(
            actor,
            event,
            "application",
            application_id,
            {"name": stored.name, "sha256": stored.sha256},
        )
    return send_file(
        BytesIO(data),
        mimetype=MEDIA_TYPES[stored.kind],
        as_attachment=True,
        download_name=stored.name,
    )


@bp.get("/applications/<code>/files/<file_code>")
@requires(P.APPLICATION_VIEW)
def file(code: str, file_code: str) -> Answer:
    """Download an attached file."""
    actor = current_actor()
    found = get_file(actor, code, file_code)
    return sent(actor, found.file, "application.file_read", found.application_id)


@bp.get("/applications/<code>/papers/<kind>/<int:round_>")
@requires(P.APPLICATION_VIEW)
def paper(code: str, kind: str, round_: int) -> Answer:
    """Download an issued paper, exactly as it was issued."""
    actor = current_actor()
    found = get_paper(actor, code, kind, round_)
    if found.state is not PaperState.ISSUED or found.file is None:
        raise NotFound
    return sent(actor, found.file, "paper.read", found.subject_id)
