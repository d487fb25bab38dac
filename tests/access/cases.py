"""For every endpoint: which thing its address names, and what a sound form sends to it.

A case is named like its endpoint; where one endpoint does several things, a word in brackets tells
which. `about` says what stands in the five columns: an application, whatever belongs to a place, or
nothing, and then only the first column is asked.
"""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from qcc.infra import clock
from tests.access.assessment_cases import ASSESSMENTS
from tests.access.case import APPLICATION, NOTHING, Case, Form, Subject
from tests.access.case import key_of as _key
from tests.access.case import listed as _list
from tests.access.case import plain as _plain
from tests.access.correction_cases import CORRECTIONS
from tests.access.document_cases import DOCUMENTS
from tests.access.world import CITY, PDF, Filed, World

ALL_STATES = ("draft", "submitted", "returned", "accepted", "under_decision", "approved")


def _application(
    state: str, rest: str = "", form: Callable[[Filed], Any] = lambda filed: {}
) -> Case:
    """An address below an application in that state; *rest* may name its officer or file."""

    def path(subject: Subject) -> str:
        filed = subject.filed[state]
        return f"/applications/{filed.code}{rest.format(officer=filed.officer, file=filed.file)}"

    return Case(path, lambda subject: form(subject.filed[state]), APPLICATION)


def _today(plus: int = 0) -> date:
    return clock.today() + timedelta(days=plus)


def _pdf() -> tuple[BytesIO, str]:
    return BytesIO(PDF), "材料.pdf"


OFFICER = {
    "post": "deputy",
    "name": "某候选人",
    "job": "主任",
    "title": "主任医师",
    "host_position": "other",
}
REASON = {"reason": "理由"}

WORKBENCH = {
    "workbench.home": _list(lambda s: "/", lambda s: s.codes, APPLICATION),
    "workbench.inbox": _list(lambda s: "/inbox", lambda s: s.codes, APPLICATION),
    "workbench.read": _plain("/inbox/read"),
    "jobs.index": _plain("/jobs"),
    "jobs.show": _plain("/jobs/infra.tidy"),
    "accounts.channels": _plain("/desk/notifications"),
    "accounts.choose": _plain("/desk/notifications", lambda s: {"version": 0, "language": "zh_CN"}),
    "tasks.index": _plain("/tasks"),
    "tasks.show": _plain("/tasks/ABCDEFGH23"),
    "tasks.file": _plain("/tasks/ABCDEFGH23/file"),
    "accounts.undelivered": _plain("/undelivered"),
    "accounts.retry": _plain("/undelivered/1/retry"),
}

PUBLIC = {
    "static": _plain("/static/qcc.css"),
    "bootstrap.static": _plain("/bootstrap/static/css/bootstrap.min.css"),
    "assets.htmx": _plain("/assets/htmx.js"),
    "pages.health": _plain("/health"),
    "pages.switch_language": _plain("/language", lambda s: {"language": "en", "next": "/desk"}),
    "accounts.sign_in": _plain("/sign-in", lambda s: {"username": "nobody", "password": "wrong"}),
    "accounts.activate": Case(
        lambda s: f"/activate/{s.world.link}",
        lambda s: {"password": "five herons by a weir", "again": "five herons by a weir"},
        NOTHING,
    ),
}


def _desk(subject: Subject) -> int:
    """One's own desk, or somebody else's."""
    own = subject.relation == "own" and subject.actor
    return subject.actor.assignment_id if own else subject.things.assignment  # type: ignore[union-attr]


ACCOUNTS = {
    "accounts.desk": _plain("/desk"),
    "accounts.switch_desk": Case(lambda s: "/desk/switch", lambda s: {"desk": _desk(s)}),
    "accounts.change_password": _plain(
        "/desk/password",
        lambda s: {
            "old": "x",
            "password": "five herons by a weir",
            "again": "five herons by a weir",
        },
    ),
    "accounts.sign_out": _plain("/sign-out"),
    "accounts.users": _list(
        lambda s: f"/users?q={s.things.user_name}", lambda s: [f'/users/{s.things.user}"']
    ),
    "accounts.user": Case(lambda s: f"/users/{s.things.user}"),
    "accounts.invite": Case(
        lambda s: f"/users/invite?person={s.things.uninvited}",
        lambda s: {"username": "somebody-new", "key": _key(s)},
    ),
    "accounts.new_link": Case(lambda s: f"/users/{s.things.user}/link"),
    "accounts.disable": Case(
        lambda s: f"/users/{s.things.user}/disable", lambda s: {"version": s.things.user_version}
    ),
    "accounts.enable": Case(
        lambda s: f"/users/{s.things.disabled}/enable",
        lambda s: {"version": s.things.disabled_version},
    ),
    "accounts.end_sessions": Case(lambda s: f"/users/{s.things.user}/sessions/end"),
    "accounts.assign_role": Case(
        lambda s: f"/users/{s.things.user}/roles",
        lambda s: {
            "role": "commission_officer",
            "organization": s.things.commission_name,
            "key": _key(s),
        },
    ),
    "accounts.end_role": Case(lambda s: f"/users/{s.things.user}/roles/{s.things.assignment}/end"),
    "accounts.audit": _list(
        lambda s: f"/audit?subject=incident:{s.things.incident}",
        lambda s: [f">incident:{s.things.incident}</td>"],
    ),
    "accounts.export_audit": Case(
        lambda s: f"/audit/export?subject=incident:{s.things.incident}",
        lambda s: {"form": "csv"},
        look=lambda s: [f"incident:{s.things.incident}"],
    ),
    "accounts.verify_audit": _plain("/audit/verify"),
}


def _workbook(subject: Subject) -> tuple[int, str]:
    """One's own workbook, or one that the commission of the place uploaded."""
    if subject.relation == "own" and subject.role in subject.world.workbooks:
        return subject.world.workbooks[subject.role]
    return subject.things.workbook, subject.things.workbook_hash


def _import(rest: str = "") -> Case:
    return Case(
        lambda s: f"/organizations/import/{_workbook(s)[0]}{rest}",
        lambda s: {"sha256": _workbook(s)[1], "digest": "of another day", "key": _key(s)},
    )


ORGANIZATIONS = {
    "organizations.index": _list(
        lambda s: f"/organizations?q={s.things.hospital_name}",
        lambda s: [f'/organizations/{s.things.hospital_id}"'],
    ),
    "organizations.names": _list(
        lambda s: f"/organizations/names?q={s.things.hospital_name}",
        lambda s: [s.things.hospital_name],
    ),
    "organizations.show": Case(lambda s: f"/organizations/{s.things.commission_id}"),
    "organizations.new": Case(
        lambda s: "/organizations/new",
        lambda s: {
            "kind": "institution",
            "name": f"新医院{s.things.place}",
            "place": s.things.place,
            "key": _key(s),
        },
    ),
    "organizations.edit": Case(
        lambda s: f"/organizations/{s.things.commission_id}/edit",
        lambda s: {
            "name": s.things.commission_name,
            "place": s.things.place,
            "short_name": "卫健委",
            "version": s.things.commission_version,
        },
    ),
    "organizations.import_": _plain("/organizations/import"),
    "organizations.import_template": _plain("/organizations/import/template"),
    "organizations.import_check": _import(),
    "organizations.import_confirm": _import(),
    "organizations.import_marked": _import("/marked"),
    "organizations.people": _list(
        lambda s: f"/people?q={s.things.person_name}", lambda s: [f'/people/{s.things.person}"']
    ),
    "organizations.people[of an employer]": Case(
        lambda s: f"/people?employer={s.things.commission_id}"
    ),
    "organizations.person": Case(lambda s: f"/people/{s.things.person}"),
    "organizations.new_person": Case(
        lambda s: f"/people/new?employer={s.things.commission_id}",
        lambda s: {"name": "新来者", "employer": s.things.commission_name, "key": _key(s)},
        look=lambda s: [s.things.commission_name],
    ),
    "organizations.edit_person": Case(
        lambda s: f"/people/{s.things.person}/edit",
        lambda s: {
            "name": s.things.person_name,
            "employer": s.things.commission_name,
            "post": "处长",
            "version": s.things.person_version,
        },
    ),
    "organizations.incidents": _list(
        lambda s: "/incidents", lambda s: [f"/incidents/{s.things.incident}/"]
    ),
    "organizations.incidents[of one]": Case(
        lambda s: f"/incidents?organization={s.things.hospital_id}"
    ),
    "organizations.register_incident": Case(
        lambda s: f"/incidents/new?organization={s.things.hospital_id}",
        lambda s: {
            "organization": s.things.hospital_name,
            "happened_on": _today(-1),
            "summary": "事件",
            "specialty": "",
            "key": _key(s),
        },
        look=lambda s: [s.things.hospital_name],
    ),
    "organizations.withdraw_incident": Case(
        lambda s: f"/incidents/{s.things.incident}/withdraw",
        lambda s: {"version": s.things.incident_version, **REASON},
    ),
}


def _act(action: str, center: str, **more: Any) -> Case:
    return Case(
        lambda s: f"/centers/{s.things.centers[center]}/{action}",
        lambda s: {"version": s.things.versions[center], **REASON, **more},
    )


def _change(rest: str, change: str, **more: Any) -> Case:
    return Case(
        lambda s: f"/changes/{s.things.changes[change]}{rest}",
        lambda s: {"version": s.things.change_versions[change], **REASON, **more},
    )


CENTERS = {
    "regulations.rulebooks": _plain("/rulebooks"),
    "regulations.rulebook": _plain("/rulebooks/zhejiang-2021"),
    "centers.directory": _list(
        lambda s: f"/centers?q={s.things.center_name}",
        lambda s: [f'/centers/{s.things.centers["approved"]}"'],
    ),
    "centers.coverage": _plain("/coverage"),
    "centers.show[established]": Case(lambda s: f"/centers/{s.things.centers['approved']}"),
    "centers.show[planned]": Case(lambda s: f"/centers/{s.things.centers['planned']}"),
    "centers.plan": Case(
        lambda s: f"/centers/new?place={s.things.place}",
        lambda s: {"specialty_id": 20, "key": _key(s)},
    ),
    "centers.act[end_hosting]": Case(
        lambda s: f"/centers/{s.things.centers['approved']}/end_hosting",
        lambda s: {"version": s.things.versions["approved"], "on": _today(), **REASON},
    ),
    "centers.act[close]": _act("close", "planned"),
    "centers.changes": _list(
        lambda s: "/changes", lambda s: [f'/changes/{s.things.changes["open"]}"']
    ),
    "centers.report_change": Case(
        lambda s: f"/centers/{s.things.centers['approved']}/changes/new",
        lambda s: {
            "officer_id": s.things.officer,
            "what": "调离",
            "happened_on": _today(),
            "key": _key(s),
        },
    ),
    "centers.change": _change("", "exception"),
    "centers.change_file": _change("/evidence", "exception"),
    "centers.propose_change[replacement]": Case(
        lambda s: f"/changes/{s.things.changes['open']}/propose/replacement",
        lambda s: {
            "version": s.things.change_versions["open"],
            "name": "继任者",
            "employer": s.things.hospital_name,
            "job": "院长",
            "title": "主任医师",
            "host_position": "president",
        },
    ),
    "centers.propose_change[exception]": Case(
        lambda s: f"/changes/{s.things.changes['open']}/propose/exception",
        lambda s: {
            "version": s.things.change_versions["open"],
            "is_not_retired": "y",
            "file": _pdf(),
            **REASON,
        },
    ),
    "centers.decide_change[replace]": _change("/replace", "replacement"),
    "centers.decide_change[except]": _change("/except", "exception"),
    "centers.decide_change[return]": _change("/return", "replacement"),
    "centers.decide_change[dismiss]": _change("/dismiss", "replacement"),
}

APPLICATIONS = {
    "applications.calls": _list(lambda s: "/calls", lambda s: [s.things.call_title]),
    "applications.call": Case(lambda s: f"/calls/{s.things.call}"),
    "applications.extend": Case(
        lambda s: f"/calls/{s.things.call}/extend",
        lambda s: {"closes_on": _today(60), "key": _key(s), **REASON},
    ),
    "applications.end_call": Case(
        lambda s: f"/calls/{s.things.coming_call}/centers/{s.things.unplanned_center}/end",
        lambda s: REASON,
    ),
    "applications.start": Case(
        lambda s: f"/calls/{s.things.call}/apply",
        lambda s: {"center_id": s.things.call_center, "key": _key(s)},
    ),
    "applications.new_call": Case(
        lambda s: "/calls/new",
        lambda s: {
            "title": "新一轮申报",
            "center_ids": s.things.centers["planned"],
            "opens_on": _today(),
            "closes_on": _today(9),
            "key": _key(s),
        },
        look=lambda s: [f'value="{s.things.centers["planned"]}"'],
    ),
    "applications.index": _list(lambda s: "/applications", lambda s: s.codes, APPLICATION),
    "applications.index[drafts]": _list(
        lambda s: "/applications?state=draft", lambda s: [s.filed["draft"].code], APPLICATION
    ),
    "applications.index[of a call]": _list(
        lambda s: f"/applications?call={s.things.call}", lambda s: s.codes, APPLICATION
    ),
    **{f"applications.show[{state}]": _application(state) for state in ALL_STATES},
    "applications.file[draft]": _application("draft", "/files/{file}"),
    "applications.file[submitted]": _application("submitted", "/files/{file}"),
    "applications.papers": _application("submitted", "/papers"),
    "applications.paper": _application("submitted", "/papers/application_form/1"),
    "applications.submission": _application("submitted", "/submissions/1"),
    "applications.receipt": _application("submitted", "/receipt"),
    "applications.review": _application("draft", "/review"),
    "applications.edit_form[draft]": _application(
        "draft", "/form", lambda f: {"version": f.version, **REASON}
    ),
    "applications.edit_form[returned]": _application(
        "returned", "/form", lambda f: {"version": f.version, **REASON}
    ),
    "applications.edit_section": _application(
        "draft", "/report/hospital_profile", lambda f: {"version": f.section_version, "text": "文"}
    ),
    "applications.edit_answer": _application(
        "draft",
        "/conditions/other",
        lambda f: {"version": f.answer_version, "declared": "y", "statement": "文"},
    ),
    "applications.officers": _application("draft", "/officers"),
    "applications.new_officer": _application("draft", "/officers/new", lambda f: OFFICER),
    "applications.edit_officer": _application(
        "draft", "/officers/{officer}", lambda f: {"version": f.officer_version, **OFFICER}
    ),
    "applications.remove_officer": _application("draft", "/officers/{officer}/remove"),
    "applications.attach[a section]": _application(
        "draft", "/parts/hospital_profile/files", lambda f: {"file": _pdf()}
    ),
    "applications.attach[the stamped form]": _application(
        "submitted", "/parts/stamped/files", lambda f: {"file": _pdf()}
    ),
    "applications.remove_file": _application("draft", "/files/{file}/remove"),
    "applications.submit": _application(
        "draft", "/submit", lambda f: {"seen": f.seen, "truthful": "y", "key": f.code}
    ),
    "applications.withdraw": _application("submitted", "/withdraw", lambda f: REASON),
    "applications.check": _application("submitted", "/check"),
    "applications.judge": _application(
        "submitted",
        "/conditions/other/judge",
        lambda f: {"version": f.answer_version, "confirmed": "yes"},
    ),
    "applications.return_": _application(
        "submitted", "/return", lambda f: {**REASON, "remark-form": "请补充"}
    ),
    "applications.accept": _application("submitted", "/accept"),
    "applications.propose": _application(
        "accepted", "/propose", lambda f: {**REASON, "recommends": "yes"}
    ),
    "applications.decide": _application("under_decision", "/decide"),
    "applications.approve": _application(
        "under_decision", "/approve", lambda f: {"justification": "理由"}
    ),
    "applications.refuse": _application(
        "under_decision", "/refuse", lambda f: {"refuse-reason": "理由"}
    ),
    "applications.send_back": _application(
        "under_decision", "/send-back", lambda f: {"back-reason": "理由"}
    ),
}


def _refusal(
    name: str, rest: str = "", form: Callable[[Subject], Any] = lambda subject: {}
) -> Case:
    """An address below a refused application; *rest* may name a file of the opinion on it."""

    def path(subject: Subject) -> str:
        filed = subject.things.refusals[name]
        return f"/applications/{filed.code}/opinion{rest.format(file=filed.file)}"

    return Case(path, form)


REFUSALS = {
    "applications.opinion[to be sent]": _refusal("silent"),
    "applications.opinion[sent]": _refusal("objected"),
    "applications.opinion_file": _refusal("objected", "/files/{file}"),
    "applications.send_opinion": _refusal(
        "silent", "/send", lambda s: {"text": "有不同意见", "key": _key(s)}
    ),
    "applications.answer_opinion": _refusal(
        "objected", "/answer", lambda s: {"answer": "维持原决定"}
    ),
}


def _designation(
    state: str, rest: str = "", form: Callable[[Filed], Any] = lambda filed: {}
) -> Case:
    """An address below a designation in that state; *rest* may name its officer or file."""

    def path(subject: Subject) -> str:
        filed = subject.things.designations[state]
        return f"/designations/{filed.code}{rest.format(officer=filed.officer, file=filed.file)}"

    return Case(path, lambda subject: form(subject.things.designations[state]))


DESIGNATIONS = {
    "applications.designations": _list(
        lambda s: "/designations", lambda s: [s.things.designations["under_check"].code]
    ),
    "applications.designations[approved]": _list(
        lambda s: "/designations", lambda s: [s.things.designations["approved"].code]
    ),
    "applications.new_designation": Case(
        lambda s: "/designations/new",
        lambda s: {
            "center_id": s.things.centers["planned"],
            "institution": s.things.hospital_name,
            "key": _key(s),
        },
        look=lambda s: [f'value="{s.things.centers["planned"]}"'],
    ),
    **{
        f"applications.designation[{state}]": _designation(state)
        for state in ("draft", "under_check", "under_decision", "approved")
    },
    "applications.edit_grounds": _designation(
        "draft",
        "/grounds",
        lambda f: {"version": f.version, "grounds": "national_qc_host", **REASON},
    ),
    "applications.attach_evidence": _designation(
        "draft", "/grounds/national_qc_host/files", lambda f: {"file": _pdf()}
    ),
    "applications.remove_evidence": _designation("draft", "/files/{file}/remove"),
    "applications.evidence": _designation("under_check", "/files/{file}"),
    "applications.evidence[approved]": _designation("approved", "/files/{file}"),
    "applications.new_designated": _designation("draft", "/officers/new", lambda f: OFFICER),
    "applications.edit_designated": _designation(
        "draft", "/officers/{officer}", lambda f: {"version": f.officer_version, **OFFICER}
    ),
    "applications.remove_designated": _designation("draft", "/officers/{officer}/remove"),
    "applications.designation_papers": _designation("approved", "/papers"),
    "applications.propose_designation": _designation(
        "draft", "/propose", lambda f: {"version": f.version}
    ),
    "applications.return_designation": _designation(
        "under_check", "/return", lambda f: {"return-reason": "理由"}
    ),
    "applications.pass_designation": _designation(
        "under_check", "/pass", lambda f: {"pass-reason": "理由"}
    ),
    "applications.send_back_designation": _designation(
        "under_decision", "/send-back", lambda f: {"send_back-reason": "理由"}
    ),
    "applications.refuse_designation": _designation(
        "under_decision", "/refuse", lambda f: {"refuse-reason": "理由"}
    ),
    "applications.withdraw_designation": _designation(
        "under_decision", "/withdraw", lambda f: {"withdraw-reason": "理由"}
    ),
    "applications.approve_designation": _designation(
        "under_decision", "/approve", lambda f: {"justification": "理由"}
    ),
}


def _panel(rest: str, panel: str = "draft", **more: Any) -> Case:
    return Case(
        lambda s: f"/panels/{s.things.panels[panel]}{rest.format(t=s.things)}",
        lambda s: {"version": s.things.panel_versions[panel], **REASON, **more},
    )


def _panel_with_file(rest: str, form: Form) -> Case:
    return Case(
        lambda s: f"/panels/{s.things.panels['serving']}{rest.format(t=s.things)}",
        lambda s: {"file": _pdf(), **form(s)},
    )


def _roster(rest: str = "") -> Case:
    return Case(
        lambda s: f"/panels/{s.things.panels['draft']}/roster/{_workbook(s)[0]}{rest}",
        lambda s: {"version": s.things.panel_versions["draft"]},
    )


def _member_change(rest: str, form: Form = lambda subject: {}) -> Case:
    return Case(
        lambda s: f"/member-changes/{s.things.member_change}{rest}",
        lambda s: {"version": s.things.member_change_version, **REASON, **form(s)},
    )


PARTICULARS = {
    "name": "新专家",
    "birth_date": "1975-03-01",
    "sex": "",
    "title": "主任医师",
    "specialty": "药事",
    "practised_since": "2000-07-01",
}

EXPERTS = {
    "experts.public_center": Case(lambda s: f"/public/centers/{s.things.centers['approved']}"),
    "experts.index": _list(
        lambda s: f"/experts?employer={s.things.hospital_name}",
        lambda s: [f'/experts/{s.things.expert}"'],
    ),
    "experts.show": Case(lambda s: f"/experts/{s.things.expert}"),
    "experts.birth_evidence": Case(lambda s: f"/experts/{s.things.expert}/birth-evidence"),
    "experts.confirm_birth": Case(
        lambda s: f"/experts/{s.things.expert}/confirm-birth",
        lambda s: {"version": s.things.expert_version, "file": _pdf()},
    ),
    "experts.edit": Case(
        lambda s: f"/experts/{s.things.expert}/edit",
        lambda s: {
            **PARTICULARS,
            "version": s.things.expert_version,
            "employer": s.things.hospital_name,
        },
    ),
    "experts.new": Case(
        lambda s: "/experts/new",
        lambda s: {**PARTICULARS, "employer": s.things.hospital_name, "key": _key(s)},
    ),
    "experts.export": _plain("/experts/export"),
    "experts.consents": _list(lambda s: "/consents", lambda s: [f'/consents/{s.things.consent}"']),
    "experts.consent": Case(
        lambda s: f"/consents/{s.things.consent}",
        lambda s: {"version": s.things.consent_version, "given": "yes"},
    ),
    "experts.consent_together": Case(
        lambda s: "/consents/together",
        lambda s: {"consent": f"{s.things.consent}:{s.things.consent_version}", "number": "1"},
    ),
    "experts.consent_file": Case(lambda s: f"/consents/{s.things.consent}/file"),
    "experts.filings": _list(lambda s: "/filings", lambda s: [f"/filings/{s.things.filing}/"]),
    "experts.receive": Case(
        lambda s: f"/filings/{s.things.filing}/receive",
        lambda s: {"version": s.things.filing_version, "number": "1"},
    ),
    "experts.panels": _list(
        lambda s: "/panels", lambda s: [f'/panels/{s.things.panels["serving"]}"']
    ),
    "experts.start": _plain("/panels/start", lambda s: {"term_start": "2027-12-01"}),
    "experts.panel[draft]": _panel(""),
    "experts.panel[serving]": _panel("", "serving"),
    "experts.papers": _panel("/papers", "serving"),
    "experts.paper": _panel("/papers/panel_roster", "serving"),
    "experts.ask_for_letters": Case(
        lambda s: f"/panels/{s.things.panels['serving']}/letters", lambda s: {"key": _key(s)}
    ),
    "experts.letter": _panel("/members/{t.appointed}/letter", "serving"),
    "experts.panel_consent_file": _panel("/consents/{t.consent}/file", "serving"),
    "experts.record": _panel_with_file(
        "/consents/{t.consent}", lambda s: {"version": s.things.consent_version, "given": "yes"}
    ),
    "experts.record_receipt": _panel_with_file(
        "/filings/{t.filing}", lambda s: {"version": s.things.filing_version, "number": "1"}
    ),
    "experts.set_term": _panel("/term", term_start="2027-12-01"),
    "experts.candidates": _panel("/candidates?q=专家"),
    "experts.without": _panel("/without/{t.member}"),
    "experts.add_member": Case(
        lambda s: f"/panels/{s.things.panels['draft']}/members",
        lambda s: {
            "version": s.things.panel_versions["draft"],
            "expert": s.world.things["330000"].expert,
            "role": "member",
        },
    ),
    "experts.edit_member": _panel("/members/{t.member}", role="deputy_head"),
    "experts.remove_member": _panel("/members/{t.member}/remove"),
    "experts.note_service": _panel(
        "/members/{t.member}/service", invited="1", attended="1", reviews="0"
    ),
    "experts.upload_roster": Case(
        lambda s: f"/panels/{s.things.panels['draft']}/roster",
        lambda s: {"version": s.things.panel_versions["draft"], "file": _pdf()},
    ),
    "experts.check_roster": _roster(),
    "experts.confirm_roster": _roster(),
    "experts.marked_roster": _roster("/marked"),
    "experts.roster_file_template": _plain("/panels/roster-template"),
    "experts.by_number": _plain("/experts/by-number", lambda s: {"identity": "110101199003074530"}),
    "experts.filing_file": _panel("/filings/{t.filing}/file", "serving"),
    "experts.reelection": _plain("/panels/reelection", lambda s: {"term_start": "2027-12-01"}),
    "experts.report_change": Case(
        lambda s: f"/panels/{s.things.panels['serving']}/members/{s.things.appointed}/change",
        lambda s: {"what": "调离", "happened_on": _today()},
    ),
    "experts.member_change": _member_change(""),
    "experts.change_file": _member_change("/file"),
    "experts.name_successor": _member_change(
        "/successor", lambda s: {"expert": s.world.things["330000"].expert, "joins": _today(1)}
    ),
    "experts.withdraw_successor": _member_change("/withdraw"),
    "experts.propose_stay": _member_change(
        "/stay", lambda s: {"is_not_retired": "y", "file": _pdf()}
    ),
    "experts.present_change": _member_change("/present"),
    "experts.decide_change": _member_change("/decide/except"),
    "experts.nominate": _panel("/nominate"),
    "experts.recall": _panel("/recall"),
    "experts.present": _panel("/present"),
    "experts.return_panel": _panel("/return"),
    "experts.approve": _panel("/approve"),
    "experts.dissolve": _panel("/dissolve", "serving"),
}


def _scan(subject: Subject) -> dict[str, Any]:
    return {"file": _pdf(), "key": _key(subject)}


def _decision(rest: str = "", form: Form = lambda subject: {}) -> Case:
    """An address below the decision on the approved application."""
    return Case(lambda s: f"/papers/{s.filed['approved'].decision}{rest}", form, about=APPLICATION)


PAPERS = {
    "papers.verify": _plain("/verify"),
    "papers.verified[a call's notice]": Case(lambda s: f"/verify/{s.things.notice}"),
    "papers.verified[an unknown code]": _plain("/verify/ABCDEFGHJK"),
    "papers.show[a call's notice]": Case(lambda s: f"/papers/{s.things.notice}"),
    "papers.show[a decision]": _decision(),
    "papers.show[a roster]": Case(lambda s: f"/papers/{s.things.roster}"),
    "papers.show[one that failed]": Case(lambda s: f"/papers/{s.things.failed}"),
    "papers.make_again": Case(lambda s: f"/papers/{s.things.failed}/again"),
    "papers.make_again[one that is made]": Case(lambda s: f"/papers/{s.things.notice}/again"),
    "papers.file[one that failed]": Case(lambda s: f"/papers/{s.things.failed}/file"),
    "papers.file[a call's notice]": Case(lambda s: f"/papers/{s.things.notice}/file"),
    "papers.file[a decision]": _decision("/file"),
    "papers.file[a roster]": Case(lambda s: f"/papers/{s.things.roster}/file"),
    "papers.scan": Case(lambda s: f"/papers/{s.things.notice}/scans/{s.things.notice_scan}"),
    "papers.upload_scan[a call's notice]": Case(
        lambda s: f"/papers/{s.things.notice}/scans", _scan
    ),
    "papers.upload_scan[a decision]": _decision("/scans", _scan),
    "papers.upload_scan[a roster]": Case(lambda s: f"/papers/{s.things.roster}/scans", _scan),
    "organizations.documents": _list(
        lambda s: "/documents", lambda s: [f'/papers/{s.things.notice}"']
    ),
    "organizations.document_word": _plain("/documents/word", lambda s: {"word": "示卫医质"}),
}


def _competition(state: str, rest: str = "", form: Form = lambda subject: {}) -> Case:
    return Case(
        lambda s: f"/competitions/{s.things.competitions[state]}{rest.format(t=s.things)}", form
    )


def _review(state: str, rest: str = "", form: Form = lambda subject: {}) -> Case:
    return Case(lambda s: f"/reviews/{s.things.reviews[state]}{rest.format(t=s.things)}", form)


PLAN = {
    "criteria-0-title": "综合实力",
    "criteria-0-weight": "100",
    "criteria-0-most": "10",
    "seats-0-specialty": "产科",
    "seats-0-count": "1",
}
_DECLARED = "/applications/{t.entries[declared]}"

COMPETITIONS = {
    "applications.competitions": _list(
        lambda s: "/competitions", lambda s: [f'/competitions/{s.things.competitions["over"]}"']
    ),
    "applications.make_plan": Case(
        lambda s: f"/calls/{s.things.coming_call}/centers/{s.things.unplanned_center}/plan",
        lambda s: {**PLAN, "key": _key(s)},
    ),
    "applications.change_plan[before the call]": _competition(
        "planned",
        "/plan",
        lambda s: {**PLAN, "version": s.things.competition_versions["planned"]},
    ),
    "applications.change_plan[after it]": _competition(
        "over", "/plan", lambda s: {**PLAN, "version": s.things.competition_versions["over"]}
    ),
    **{
        f"applications.competition[{state}]": _competition(state)
        for state in ("planned", "over", "opened", "declared")
    },
    "applications.show[sealed]": Case(lambda s: f"/applications/{s.things.entries['over']}"),
    "applications.show[competing]": Case(lambda s: f"/applications/{s.things.entries['opened']}"),
    "applications.sign_opening": _competition("over", "/open"),
    "applications.reviewers": _competition("opened", "/reviewers"),
    "applications.draw_reviewers": _competition(
        "opened", "/reviewers/draw", lambda s: {"specialty": "产科", "key": _key(s)}
    ),
    "applications.choose_reviewer": _competition(
        "opened",
        "/reviewers/choose",
        lambda s: {
            "specialty": "产科",
            "expert": s.things.candidate,
            "key": _key(s),
            **REASON,
        },
    ),
    "applications.release_reviewer": _competition(
        "asked", "/reviewers/{t.reviewers[asked]}/release", lambda s: REASON
    ),
    "applications.start_review": _competition("opened", "/start"),
    "applications.schedule": _competition(
        "opened", "/schedule", lambda s: {"starts_at": f"{_today(3)}T14:00", "place": "会议室"}
    ),
    "applications.close_review": _competition("declared", "/close", lambda s: REASON),
    "applications.decide_tie": _competition(
        "declared", "/tie", lambda s: {"application": s.things.entries["declared"], **REASON}
    ),
    "applications.ask_for_archive": _competition(
        "declared", "/archive", lambda s: {"key": _key(s)}
    ),
    "applications.archive_zip": _competition("declared", "/archive.zip"),
    "applications.ask_for_zip": _competition(
        "declared", "/archive.zip", lambda s: {"key": _key(s)}
    ),
    "applications.reviews": _list(
        lambda s: "/reviews", lambda s: [f'/reviews/{s.things.reviews["asked"]}"']
    ),
    "applications.own_review[asked]": _review("asked"),
    "applications.own_review[declared]": _review("declared"),
    "applications.declare_free": _review("asked", "/declare", lambda s: {"free": "y"}),
    "applications.report_conflict": _review(
        "asked", "/conflict", lambda s: {"conflict-reason": "理由"}
    ),
    "applications.sheet[before declaring]": _review("asked", "/applications/{t.entries[asked]}"),
    "applications.sheet": _review("declared", _DECLARED),
    "applications.save_score": _review(
        "declared",
        _DECLARED + "/scores/{t.criteria[declared]}",
        lambda s: {"points": "8", "remark": "", "version": 1},
    ),
    "applications.review_file[before declaring]": _review(
        "asked", "/applications/{t.entries[asked]}/files/{t.entry_files[asked]}"
    ),
    "applications.review_file": _review("declared", _DECLARED + "/files/{t.entry_files[declared]}"),
    "applications.lodge": _review("declared", "/lodge", lambda s: {"sure": "y"}),
}


def _meeting(stage: str, rest: str, **form: Any) -> Case:
    """An address below a meeting of that stage, with the version that its page shows."""

    def path(subject: Subject) -> str:
        made = subject.things.meetings
        here = rest.format(
            entry=made.entries[stage],
            invitation=made.invitations[stage],
            section=made.section,
            amendment=made.amendment,
            file=made.files[stage],
        )
        return f"/meetings/{made.ids[stage]}{here}"

    return Case(path, lambda s: {"version": s.things.meetings.versions[stage], **form})


def _section(rest: str, **form: Any) -> Case:
    here = _meeting("drafting", f"/sections/{{section}}{rest}")
    return Case(here.path, lambda s: {"version": s.things.meetings.section_version, **form})


def _task(name: str, rest: str = "", **form: Any) -> Case:
    """An address below a task of the final minutes."""
    return Case(
        lambda s: f"/actions/{s.things.meetings.tasks[name]}{rest}",
        lambda s: {"version": s.things.meetings.task_versions[name], **form},
    )


CASES: dict[str, Case] = {
    **PAPERS,
    **PUBLIC,
    **WORKBENCH,
    **ACCOUNTS,
    **ORGANIZATIONS,
    **CENTERS,
    **APPLICATIONS,
    **DESIGNATIONS,
    **COMPETITIONS,
    **REFUSALS,
    **EXPERTS,
    **ASSESSMENTS,
    **DOCUMENTS,
    **CORRECTIONS,
    "meetings.index": _list(
        lambda s: "/meetings",
        lambda s: [f'/meetings/{s.things.meetings.ids["announced"]}"'],
    ),
    "meetings.propose": _plain("/meetings/propose", lambda s: {"key": _key(s)}),
    "meetings.show": _meeting("announced", ""),
    "meetings.show[proposed]": _meeting("proposed", ""),
    "meetings.plan": _meeting(
        "announced", "/plan", title="会", mode="online", starts_at="2026-04-01T09:00"
    ),
    "meetings.add_topic": _meeting("announced", "/topics", title="议题", minutes="10"),
    "meetings.change_topic": _meeting("announced", "/topics/{entry}", title="议题", minutes="5"),
    "meetings.move_topic": _meeting("announced", "/topics/{entry}/move", to="1"),
    "meetings.remove_topic": _meeting("announced", "/topics/{entry}/remove"),
    "meetings.invite_center": Case(
        lambda s: f"/meetings/{s.things.meetings.ids['announced']}/centers",
        lambda s: {"center": s.things.centers["approved"]},
    ),
    "meetings.invite_panel": _meeting("announced", "/panel"),
    "meetings.correct": _meeting("correcting", "/corrections", text="更正"),
    "meetings.invite_guest": _meeting("announced", "/guests", name="某人", capacity="observing"),
    "meetings.invite_expert": _meeting("announced", "/experts", expert="ABCDEFGHJK"),
    "meetings.add_file": Case(
        lambda s: f"/meetings/{s.things.meetings.ids['held']}/files",
        lambda s: {"kind": "other", "file": _pdf()},
    ),
    "meetings.remove_file": _meeting("held", "/files/{file}/remove"),
    "meetings.file": _meeting("final", "/files/{file}"),
    "meetings.evidence": _task("done", "/evidence"),
    "meetings.uninvite": _meeting("announced", "/invitations/{invitation}/remove"),
    "meetings.answer": _meeting("announced", "/invitations/{invitation}/answer", reply="yes"),
    "meetings.presence": _meeting("announced", "/invitations/{invitation}/presence", present="no"),
    "meetings.step[announce]": _meeting("proposed", "/announce"),
    "meetings.step[hold]": _meeting("announced", "/hold"),
    "meetings.step[draft]": _meeting("held", "/draft"),
    "meetings.step[circulate]": _meeting("drafting", "/circulate"),
    "meetings.sign": _meeting("correcting", "/sign"),
    "meetings.cancel": _meeting("announced", "/cancel", reason="另行安排"),
    "meetings.return_minutes": _meeting("correcting", "/return", reason="请补充"),
    "meetings.section": _section("", topic="议题", discussion="讨论", decision="决定"),
    "meetings.add_section": _meeting("drafting", "/sections", topic="新议题"),
    "meetings.add_action": Case(
        _section("/actions").path,
        lambda s: {
            "what": "任务",
            "owner": s.things.meetings.invitations["drafting"],
            "due_on": _today(9),
        },
    ),
    "meetings.change_action": Case(
        lambda s: (
            f"/meetings/{s.things.meetings.ids['drafting']}/actions/{s.things.meetings.draft_task}"
        ),
        lambda s: {
            "version": s.things.meetings.draft_task_version,
            "what": "任务",
            "owner": s.things.meetings.invitations["drafting"],
            "due_on": _today(9),
        },
    ),
    "meetings.amend": _meeting("final", "/amendments", text="更正", reason="有误"),
    "meetings.decide_amendment[approve]": Case(
        _meeting("final", "/amendments/{amendment}/approve").path, lambda s: {"version": 1}
    ),
    "meetings.decide_amendment[refuse]": Case(
        _meeting("final", "/amendments/{amendment}/refuse").path,
        lambda s: {"version": 1, "reason": "不需要"},
    ),
    "meetings.actions": _list(
        lambda s: "/actions", lambda s: [f'/actions/{s.things.meetings.tasks["open"]}"']
    ),
    "meetings.action": _task("open"),
    "meetings.report": _task("open", "/report", evidence="已办"),
    "meetings.decide[accept]": _task("done", "/accept"),
    "meetings.decide[return]": _task("done", "/return", reason="不足"),
    "meetings.decide[drop]": _task("open", "/drop", reason="不再需要"),
    "meetings.room": _meeting("announced", "/room"),
    "meetings.attend": _meeting("announced", "/attend/unknown"),
    "meetings.calendar": _list(
        lambda s: "/meetings/calendar",
        lambda s: [f'/meetings/{s.things.meetings.ids["announced"]}"'],
    ),
    "meetings.event": _meeting("announced", "/meeting.ics"),
    "meetings.feed": _plain("/calendars/unknown.ics"),
    "meetings.feed_open": _plain("/meetings/feed"),
    "meetings.feed_close": _plain("/meetings/feed/close"),
    "meetings.compliance": _list(
        lambda s: "/meetings/compliance", lambda s: [f">{s.things.center_name}<"]
    ),
    "meetings.export_compliance": _plain("/meetings/compliance/export", lambda s: {"year": 2026}),
}


def endpoint_of(case: str) -> str:
    """The endpoint that a case is about."""
    return case.partition("[")[0]


HOMES = {
    "evaluation_officer": "330200",
    "commission_officer@province": "330000",
    "evaluation_officer@province": "330000",
}
"""Where who acts is at home, if not at the first city."""

PLACES_FROM = {
    CITY: {
        "own": "330100",
        "sibling": "330200",
        "parent": "330000",
        "child": "330122",
        "other branch": "330225",
    },
    "330200": {
        "own": "330200",
        "sibling": "330100",
        "parent": "330000",
        "child": "330225",
        "other branch": "330122",
    },
    "330000": {"own": "330000", "child": "330100"},
}
"""What lies where, seen from a place. Above the province there is nobody here, and beside it."""

RELATIONS = ("own", "sibling", "parent", "child", "other branch")


def subjects(world: World, role: str, case: Case) -> dict[str, Subject]:
    """What the five cells of a row are about; a hospital's sibling is the rival in its call."""
    places = PLACES_FROM[HOMES.get(role, CITY)]
    if case.about == NOTHING or role == "anonymous":
        places = {"own": places["own"]}
    found = {}
    for relation, place in places.items():
        things, filed = world.things[place], world.things[place].applications
        if case.about == APPLICATION and relation == "sibling" and role == "institution_officer":
            things, filed = world.things[CITY], world.rival
        found[relation] = Subject(world, role, world.actors.get(role), relation, things, filed)
    return found
