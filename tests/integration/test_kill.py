"""A process killed with -9 loses nothing acknowledged and doubles nothing.

Real gunicorn workers while hospitals submit, and the real scheduler while it issues papers, on both
databases. A client that got no answer sends the same form again, with the same key: what was done
before the kill is answered as done, what was not is done now.
"""

import http.client
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask

import config
from qcc.accounts.models import UserState
from qcc.accounts.services import activate, assign_role, invite_user
from qcc.applications.models import Application, Submission
from qcc.applications.sections import EligibilityItem
from qcc.applications.workflow import ApplicationState
from qcc.infra import audit, files
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db, transaction
from qcc.infra.files import StoredFile
from qcc.infra.outbox import Message
from qcc.infra.papers import Paper, PaperState
from qcc.infra.transitions import TransitionRecord
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, OrganizationKind
from qcc.organizations.services import add_organization
from tests.databases import free_port
from tests.factories.applications import draft, fill, find, stage, submitted
from tests.factories.centers import CITY, new_person

S = ApplicationState
KILLS = 26
"""For each database: more than fifty in all."""

OURS = (
    "QCC_",
    "DATABASE_URL",
    "SECRET_KEY",
    "AUDIT_KEY",
    "DATA_KEY",
    "MAIL_",
    "TRUSTED_",
    "FLASK_",
)
"""Settings of the machine that are not to reach the product under test."""

HOSPITALS = 4
PASSWORD = "seven lamps over an orchard"
SPECIALTIES = (
    "临床检验", "医疗设备管理", "麻醉", "放射", "病理", "护理", "肿瘤", "医院感染", "药事", "病历",
    "口腔", "高压氧", "急诊", "血液透析", "内镜", "重症医学",
)  # fmt: skip
FILLED = 7
"""So many drafts of each hospital are filled in already, to be submitted; the rest are begun."""


# --- the product's own processes ---


@contextmanager
def running(app: Flask, *module: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the product on the test's database; its log is shown when it fails."""
    data = Path(app.config["DATA_DIR"])
    log = data / f"{module[0]}.log"
    env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    env |= {
        "DATABASE_URL": str(app.config["SQLALCHEMY_DATABASE_URI"]),
        "SECRET_KEY": str(app.config["SECRET_KEY"]),
        "QCC_DATA_DIR": str(data),
        "PYTHONPATH": str(config.ROOT),
        **more,
    }
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=config.ROOT, env=env, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that live."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(child) for child in text.split()]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait for the condition; whether it came true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


# --- a hospital at its browser ---


@dataclass
class Answer:
    """What came back: status, where it leads, and the page."""

    status: int
    location: str
    text: str


@dataclass
class Hospital:
    """A client with the patience of a person: without an answer it sends the same again."""

    port: int
    username: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    unanswered: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    begun: dict[int, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)

    def ask(self, path: str, form: dict[str, str] | None = None, *, auto: bool = False) -> Answer:
        while True:
            try:
                return self._ask(path, form, auto)
            except (OSError, http.client.HTTPException):
                self.unanswered += 1
                time.sleep(0.02)

    def _ask(self, path: str, form: dict[str, str] | None, auto: bool) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode({"csrf_token": self.token, **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if auto:
            headers |= {"X-Autosave": "1", "X-CSRFToken": self.token}
        try:
            connection.request("POST" if body is not None else "GET", path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            for header in response.headers.get_all("Set-Cookie") or ():
                name, _, value = header.partition(";")[0].partition("=")
                self.cookies[name] = value
        finally:
            connection.close()
        self.statuses[response.status] += 1
        return Answer(response.status, response.headers.get("Location", ""), text)

    def sign_in(self) -> None:
        """Through the real form."""
        self.token = field_of(self.ask("/sign-in").text, "csrf_token")
        answer = self.ask("/sign-in", {"username": self.username, "password": PASSWORD})
        assert answer.status == 302, answer.text
        self.token = field_of(self.ask("/calls").text, "csrf_token")

    def begin(self, call_id: int, center_id: int) -> None:
        """Begin an application; acknowledged with its code."""
        page = self.ask(f"/calls/{call_id}").text
        key = re.search(rf'value="([0-9a-f]{{32}}-{center_id})"', page)
        assert key, page
        form = {"center_id": str(center_id), "key": key[1]}
        answer = self.ask(f"/calls/{call_id}/apply", form)
        assert answer.status == 302, answer.text
        self.begun[center_id] = answer.location.rpartition("/")[2]

    def submit(self, code: str) -> None:
        """Check and submit; acknowledged with the way to the receipt."""
        page = self.ask(f"/applications/{code}/review").text
        form = {"seen": field_of(page, "seen"), "key": field_of(page, "key"), "truthful": "y"}
        answer = self.ask(f"/applications/{code}/submit", form)
        assert answer.location.endswith("/receipt"), (answer.status, answer.location)
        self.sent[code] = form["seen"]

    def type_on(self, code: str) -> None:
        """One more save of what is being typed; acknowledged by the next version."""
        url = f"/applications/{code}/report/hospital_profile"
        version = field_of(self.ask(url).text, "version")
        text = f"{self.username}：{len(self.typed)}"
        answer = self.ask(url, {"text": text, "version": version}, auto=True)
        # 409: it was saved, and the worker died before it could say so.
        assert answer.status in (200, 409)
        self.typed.append(text)


def field_of(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found, f"no field {name}: {page[:500]}"
    value = re.search(r'value="([^"]*)"', found[0])
    return unescape(value[1]) if value else ""


# --- the stage ---


@dataclass
class Work:
    """What one hospital has before it: centers to begin for, filled drafts to submit."""

    actor: Actor
    username: str
    centers: list[int]
    drafts: list[str]


def _hospital(number: int) -> tuple[Actor, str]:
    """A hospital of the city, and somebody there who can sign in."""
    with transaction():
        organization: Organization = add_organization(
            None,
            OrganizationKind.INSTITUTION,
            {"name": f"测试医院{number}", "place": CITY, "grade": "三级甲等"},
        )
        person = new_person(organization)
        username = f"hospital-{number}"
        user, link = invite_user(None, person, username)
        desk = assign_role(None, person, Role.INSTITUTION_OFFICER, organization)
        activate(link, PASSWORD)
        assert user.state is UserState.ACTIVE
        actor = Actor(user.id, person.id, person.name, desk.id, desk.role, organization.id,
                      organization.name, organization.place)  # fmt: skip
    return actor, username


def _prepare() -> tuple[int, list[Work]]:
    """A city's call for many centers, and hospitals with filled drafts for some of them."""
    here = stage(CITY, SPECIALTIES)
    conditions = [item.value for item in EligibilityItem]
    works = []
    for number in range(HOSPITALS):
        actor, username = _hospital(number)
        drafts = []
        for name in SPECIALTIES[:FILLED]:
            code = draft(here, actor, specialty=name)
            fill(actor, code, without=conditions)
            drafts.append(code)
        centers = [here.centers[name] for name in SPECIALTIES[FILLED:]]
        works.append(Work(actor, username, centers, drafts))
    return here.call_id, works


def _labour(hospital: Hospital, call_id: int, work: Work, killed: Event) -> None:
    """Begin and submit by turns; then type on until the killing is over."""
    for turn in range(max(len(work.centers), len(work.drafts))):
        if turn < len(work.centers):
            hospital.begin(call_id, work.centers[turn])
        if turn < len(work.drafts):
            hospital.submit(work.drafts[turn])
    typing = next(iter(hospital.begun.values()))
    while not killed.is_set():
        hospital.type_on(typing)


def _kill_workers(master: int, pause: random.Random) -> int:
    """Kill workers one after the other, each at a moment of its own; how many."""
    killed = 0
    while killed < KILLS:
        workers = children_of(master)
        if workers:
            os.kill(pause.choice(workers), signal.SIGKILL)
            killed += 1
        time.sleep(pause.uniform(0.02, 0.25))
    return killed


def test_workers_killed_while_hospitals_submit(app: Flask) -> None:
    call_id, works = _prepare()
    _let_go()
    port = free_port()
    # Preloaded, so that a new worker is there at once and meets the next kill while it works.
    serve = ("gunicorn", "--config", "gunicorn.conf.py", "--preload", "wsgi:app")
    with running(app, *serve, PORT=str(port), WEB_CONCURRENCY="3") as master:
        hospitals = [Hospital(port, work.username) for work in works]
        for hospital in hospitals:
            hospital.sign_in()
        before = sum(hospital.unanswered for hospital in hospitals)
        over, failures = Event(), list[BaseException]()

        def run(hospital: Hospital, work: Work) -> None:
            try:
                _labour(hospital, call_id, work, over)
            except BaseException as error:
                failures.append(error)

        threads = [Thread(target=run, args=pair) for pair in zip(hospitals, works, strict=True)]
        for thread in threads:
            thread.start()
        killed = _kill_workers(master.pid, random.Random(20260302))
        over.set()
        for thread in threads:
            thread.join()
        assert not failures, failures
        assert killed == KILLS
    # The kills met work: answers were lost, and yet each act was acknowledged in the end.
    assert sum(hospital.unanswered for hospital in hospitals) > before
    statuses = sum((hospital.statuses for hospital in hospitals), Counter[int]())
    assert set(statuses) <= {200, 302, 409}, statuses
    for hospital, work in zip(hospitals, works, strict=True):
        _check_begun(hospital, work)
        _check_submitted(hospital, work)
        _check_typed(hospital)
    _check_nothing_more(works)
    assert list(audit.verify(db.session())) == []


def _let_go() -> None:
    """Nobody of this process is connected any more."""
    db.session.remove()
    db.engine.dispose()


def count(model: type, **wanted: object) -> int:
    found = sa.select(sa.func.count()).select_from(model).filter_by(**wanted)
    return db.session.scalar(found) or 0


def _check_begun(hospital: Hospital, work: Work) -> None:
    assert hospital.begun.keys() == set(work.centers)
    for center_id, code in hospital.begun.items():
        application = find(code)
        assert (application.center_id, application.institution_id, application.state) == (
            center_id, work.actor.organization_id, S.DRAFT,
        )  # fmt: skip
        assert len(application.sections) == 8
        event = {"event": "application.started", "subject_id": str(application.id)}
        assert count(AuditEvent, **event) == 1


def _check_submitted(hospital: Hospital, work: Work) -> None:
    assert hospital.sent.keys() == set(work.drafts)
    for code, seen in hospital.sent.items():
        application = find(code)
        assert application.state is S.SUBMITTED
        (submission,) = db.session.scalars(
            sa.select(Submission).filter_by(application_id=application.id)
        )
        assert submission.sha256 == seen == sha256(submission.content.encode()).hexdigest()
        whole = (
            count(Paper, subject_id=application.id, kind="application_form"),
            count(TransitionRecord, workflow="application", subject_id=application.id),
            count(AuditEvent, event="application.submit", subject_id=str(application.id)),
            count(Message, kind="application.submit", link=f"/applications/{code}"),
        )
        assert whole == (1, 1, 1, 2)


def _check_typed(hospital: Hospital) -> None:
    """What was acknowledged last stands there."""
    if hospital.typed:
        code = next(iter(hospital.begun.values()))
        (text,) = (s.text for s in find(code).sections if s.key == "hospital_profile")
        assert text == hospital.typed[-1]


def _check_nothing_more(works: list[Work]) -> None:
    begun = sum(len(work.centers) for work in works)
    sent = sum(len(work.drafts) for work in works)
    assert count(Application) == begun + sent
    assert count(Submission) == count(Paper, kind="application_form") == sent
    assert count(AuditEvent, event="application.started") == begun + sent
    assert count(AuditEvent, event="application.submit") == sent


# --- the scheduler ---

PAPERS = 4


def test_the_scheduler_killed_while_it_issues_papers(app: Flask) -> None:
    here = stage(specialties=SPECIALTIES[:PAPERS])
    for name in SPECIALTIES[:PAPERS]:
        submitted(here, specialty=name)
    serve, pause = ("flask", "--app", "wsgi", "scheduler"), random.Random(20260302)
    for _again in range(2):
        issued = _issued()
        with running(app, *serve) as scheduler:
            assert until(lambda done=issued: _issued() > done)  # type: ignore[misc]
            time.sleep(pause.uniform(0, 0.15))  # somewhere in the next one
            helpers = children_of(scheduler.pid)
            os.kill(scheduler.pid, signal.SIGKILL)
            scheduler.wait()
        # Nobody is left who would go on by himself.
        assert until(lambda pids=helpers: not any(map(is_alive, pids)), 20)  # type: ignore[misc]
        _check_papers()
    with running(app, *serve):
        assert until(lambda: _issued() == PAPERS)
    _check_papers()
    assert list(audit.verify(db.session())) == []


def _issued() -> int:
    _let_go()
    return count(Paper, state=PaperState.ISSUED)


def _check_papers() -> None:
    """Each paper is issued whole, once, or still waits."""
    _let_go()
    for paper in db.session.scalars(sa.select(Paper)):
        issued = paper.state is PaperState.ISSUED
        assert issued or (paper.state, paper.file_id, paper.attempts) == (
            PaperState.PENDING, None, 0,
        )  # fmt: skip
        if issued:
            assert paper.file is not None
            assert sha256(files.read(paper.file)).hexdigest() == paper.sha256
        events = db.session.query(AuditEvent).filter_by(
            event="paper.issued",
            subject_type=paper.subject_type,
            subject_id=str(paper.subject_id),
        )
        assert events.count() == issued
    assert count(StoredFile, uploaded_by=None) == count(Paper, state=PaperState.ISSUED)
