"""The task list of an application that is being written: each part and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask import url_for

from qcc.applications.models import Application, Remark
from qcc.applications.sections import SECTIONS, EligibilityItem
from qcc.applications.services.facts import present_files
from qcc.infra.i18n import _, _l
from qcc.infra.templating import Label, labels
from qcc.kernel.rules import Finding, Rulebook


class TaskState(StrEnum):
    """Not filled in, filled in, to be corrected, not needed."""

    EMPTY = "empty"
    FILLED = "filled"
    TO_CORRECT = "to_correct"
    NOT_NEEDED = "not_needed"


labels(
    {
        TaskState.EMPTY: Label(_l("Not filled in"), "idle", "○"),
        TaskState.FILLED: Label(_l("Filled in"), "done", "✓"),
        TaskState.TO_CORRECT: Label(_l("To be corrected"), "wait", "!"),
        TaskState.NOT_NEEDED: Label(_l("Not needed"), "idle", "–"),
    }
)


@dataclass(frozen=True, slots=True)
class Task:
    """One part: its name, where it is edited, its state, and what is to be corrected."""

    part: str
    name: str
    url: str
    state: TaskState
    remark: str = ""


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Parts that belong together."""

    title: str
    tasks: tuple[Task, ...]


def url_where_mended(code: str, finding: Finding) -> str:
    """The page of the part that a finding of the submission concerns."""
    observed = finding.observed
    if "section" in observed:
        return url_for("applications.edit_section", code=code, key=observed["section"])
    if "item" in observed:
        return url_for("applications.edit_answer", code=code, item=observed["item"])
    is_of_person = str(observed.get("field", "")).startswith(("director_", "executive_"))
    if finding.rule.startswith("officers.") or is_of_person:
        return url_for("applications.officers", code=code)
    if "field" in observed:
        return url_for("applications.edit_form", code=code)
    return url_for("applications.show", code=code)


def _state(filled: bool, remark: str) -> TaskState:
    if remark:
        return TaskState.TO_CORRECT
    return TaskState.FILLED if filled else TaskState.EMPTY


def tasks_of(
    application: Application,
    items: Sequence[EligibilityItem],
    remarks: Sequence[Remark],
    book: Rulebook,
) -> list[TaskGroup]:
    """All parts of an application, in the order in which they are best filled in."""
    last_round = remarks[0].round if remarks else 0
    returned = application.state.value == "returned"
    to_correct = {r.part: r.text for r in remarks if r.round == last_round} if returned else {}
    attached = {file.part for file in present_files(application)}
    code = application.code

    def task(part: str, name: str, url: str, filled: bool) -> Task:
        remark = to_correct.get(part, "")
        return Task(part, name, url, _state(filled, remark), remark)

    form_filled = all(
        value not in (None, "")
        for value in (
            application.legal_representative,
            application.is_national_center_host,
            application.is_national_center_lead,
            application.reason,
        )
    )
    texts = {section.key: section.text for section in application.sections}
    answers = {answer.item: answer for answer in application.answers}
    groups = [
        TaskGroup(
            _("Application form"),
            (
                task(
                    "form",
                    _("Institution and reason"),
                    url_for("applications.edit_form", code=code),
                    form_filled,
                ),
                task(
                    "officers",
                    _("Proposed officers of the center"),
                    url_for("applications.officers", code=code),
                    bool(application.officers),
                ),
            ),
        ),
        TaskGroup(
            _("Feasibility report"),
            tuple(
                task(
                    s.key,
                    s.title,
                    url_for("applications.edit_section", code=code, key=s.key),
                    bool(texts.get(s.key, "").strip()),
                )
                for s in SECTIONS
            ),
        ),
    ]
    if items:
        conditions = tuple(
            task(
                item.value,
                item.heading,
                url_for("applications.edit_answer", code=code, item=item.value),
                (answers[item].declared and (item.value in attached or not item.needs_evidence))
                or _known(application, item, book),
            )
            for item in items
        )
        groups.insert(1, TaskGroup(_("Conditions of the host"), conditions))
    return groups


def _known(application: Application, item: EligibilityItem, book: Rulebook) -> bool:
    """The register already shows the grade that the condition asks for."""
    grade = application.institution.grade
    return item is EligibilityItem.GRADE and grade in book[item.rule_id].choices
