"""Cases of yearly documents, assigned tasks, internal rules and visits."""

from io import BytesIO
from typing import Any

from tests.access.case import Case, key_of, listed, plain
from tests.access.world import PDF


def _document(state: str, rest: str = "", **form: Any) -> Case:
    """An address below the place's document in that state, with the version its page shows."""
    return Case(
        lambda s: f"/annual/{s.things.documented.documents[state]}{rest}",
        lambda s: {"version": s.things.documented.document_versions[state], **form},
    )


def _task(state: str, rest: str = "", **form: Any) -> Case:
    return Case(
        lambda s: f"/assigned-tasks/{s.things.documented.tasks[state]}{rest}",
        lambda s: {"version": s.things.documented.task_versions[state], **form},
    )


def _report(state: str, rest: str = "") -> Case:
    return Case(lambda s: f"/annual-reports/{s.things.documented.reports[state]}{rest}")


def _batch(state: str, rest: str = "") -> Case:
    return Case(lambda s: f"/annual-reports/batches/{s.things.documented.batches[state]}{rest}")


def _file() -> tuple[BytesIO, str]:
    return BytesIO(PDF), "附件.pdf"


DOCUMENTS: dict[str, Case] = {
    "evaluations.annual": listed(
        lambda s: "/annual?all=1",
        lambda s: [f'/annual/{s.things.documented.documents["submitted"]}"'],
    ),
    "evaluations.begin_document": plain(
        "/annual/begin", lambda s: {"kind": "summary", "year": "2026"}
    ),
    "evaluations.document": _document("submitted"),
    "evaluations.document[draft]": _document("draft"),
    "evaluations.document_section": Case(
        _document("draft", "/sections/goals").path, lambda s: {"version": 1, "text": "新的目标"}
    ),
    "evaluations.submit_document": _document("draft", "/submit"),
    "evaluations.acknowledge_document": _document("submitted", "/acknowledge"),
    "evaluations.return_document": _document(
        "submitted", "/return", reason="请补充", correct_by="2031-01-01"
    ),
    "evaluations.assigned_tasks": listed(
        lambda s: "/assigned-tasks",
        lambda s: [f'/assigned-tasks/{s.things.documented.tasks["assigned"]}"'],
    ),
    "evaluations.assign_task": Case(
        lambda s: "/assigned-tasks/new",
        lambda s: {
            "key": key_of(s),
            "title": "任务",
            "text": "内容",
            "due_on": "2031-01-01",
            "centers": s.things.documented.center,
        },
    ),
    "evaluations.assigned_task": _task("assigned"),
    "evaluations.report_task": _task("assigned", "/report", report="已办"),
    "evaluations.judge_task[accept]": _task("reported", "/accept"),
    "evaluations.judge_task[return]": _task("reported", "/return", reason="不足"),
    "evaluations.judge_task[refuse]": _task("reported", "/refuse", reason="未办"),
    "evaluations.judge_task[withdraw]": _task("assigned", "/withdraw", reason="误派"),
    "evaluations.task_file": _task("reported", "/file"),
    "evaluations.records": listed(
        lambda s: "/records", lambda s: [f'/records/{s.things.documented.center}"']
    ),
    "evaluations.center_records": Case(lambda s: f"/records/{s.things.documented.center}"),
    "evaluations.record_internal_rule": Case(
        lambda s: f"/records/{s.things.documented.center}/rules",
        lambda s: {
            "key": key_of(s),
            "kind": "funds",
            "title": "办法",
            "adopted_on": "2020-01-01",
            "review_on": "2031-01-01",
            "file": _file(),
        },
    ),
    "evaluations.record_visit": Case(
        lambda s: f"/records/{s.things.documented.center}/visits",
        lambda s: {
            "key": key_of(s),
            "visited_on": "2020-01-01",
            "participants": "某",
            "findings": "无",
        },
    ),
    "evaluations.record_file[rules]": Case(
        lambda s: f"/records/{s.things.documented.center}/rules/{s.things.documented.rule}/file"
    ),
    "evaluations.record_file[visits]": Case(
        lambda s: f"/records/{s.things.documented.center}/visits/{s.things.documented.visit}/file"
    ),
    "evaluations.annual_reports": listed(
        lambda s: "/annual-reports",
        lambda s: [f'/annual-reports/{s.things.documented.reports["made"]}"'],
    ),
    "evaluations.annual_reports[center]": Case(
        lambda s: f"/annual-reports?center={s.things.documented.center}"
    ),
    "evaluations.ask_for_annual_report": Case(
        lambda s: "/annual-reports",
        lambda s: {"key": key_of(s), "center": s.things.documented.center, "year": "2026"},
    ),
    "evaluations.annual_report": _report("made"),
    "evaluations.annual_report_file": _report("made", "/file"),
    "evaluations.make_annual_report_again": _report("failed", "/again"),
    "evaluations.ask_for_report_batch": plain(
        "/annual-reports/batches", lambda s: {"key": key_of(s), "year": "2026"}
    ),
    "evaluations.report_batch": _batch("packed"),
    "evaluations.report_batch_file": _batch("packed", "/file"),
    "evaluations.make_report_batch_again": _batch("failed", "/again"),
    "evaluations.pack_report_batch": _batch("failed", "/pack"),
}
