"""Every way in which somebody could peek into a sealed competition, through real pages."""

import re
from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qcc.applications.models import Application, ApplicationFile
from qcc.infra.codes import new_code
from qcc.infra.db import db
from qcc.infra.outbox import Message
from qcc.infra.papers import Paper
from qcc.kernel.permissions import Actor, Role
from tests.factories.centers import sit_down
from tests.factories.competitions import Contest

BY_CHANCE = (
    (re.compile(r'(data-csrf|name="csrf_token"[^>]*value)="[^"]+"'), "(a token)"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "(a key)"),
)


class Peeker:
    """Somebody at a browser."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        self.actor = actor
        self.client: FlaskClient = sit_down(app.test_client(), actor)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def said(self, path: str) -> tuple[int, str]:
        """Status and page, without what chance put into it."""
        answer = self.get(path)
        text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else "(a file)"
        for pattern, instead in BY_CHANCE:
            text = pattern.sub(instead, text)
        return answer.status_code, text


PLACES = {
    "<kind>": "application_form",
    "<int:round_>": "1",
    "<key>": "support_funding",
    "<item>": "grade",
    "<part>": "support_funding",
}


def _addresses(app: Flask, code: str, file_code: str) -> Iterator[str]:
    """Every page about one application, its files and papers."""
    for rule in app.url_map.iter_rules():
        if not str(rule).startswith("/applications/<code>") or "GET" not in (rule.methods or ()):
            continue
        path = str(rule).replace("<code>", code).replace("<file_code>", file_code)
        for name, value in PLACES.items():
            path = path.replace(name, value)
        yield re.sub(r"<[^>]+>", "1", path)


def _secrets(contest: Contest, own: int | None) -> list[str]:
    """What nobody may read who does not own it: names, numbers, codes of the applications."""
    found = []
    for number, code in enumerate(contest.applications):
        if number != own:
            row = db.session.execute(
                sa.select(Application.number).filter_by(code=code)
            ).scalar_one()
            found += [code, str(row), contest.hospitals[number].organization_name]
    return found


PAGES = (
    "/", "/inbox", "/calls", "/applications", "/applications?state=submitted", "/competitions",
    "/reviews", "/centers", "/verify",
)  # fmt: skip


def leaks(app: Flask, contest: Contest) -> list[str]:
    """What a rival, the staff or an expert learns of sealed applications: nothing, if all holds."""
    found: list[str] = []
    hospital = Peeker(app, contest.hospitals[0])
    staff = [Peeker(app, actor) for actor in (contest.reception, contest.commission)]
    expert = Peeker(app, next(iter(contest.experts.values())))
    for peeker, own in ((hospital, 0), *((one, None) for one in staff), (expert, None)):
        found += _pages(peeker, contest, own)
        found += _searches(peeker, contest, own)
    found += _single(app, hospital, contest)
    for peeker in (*staff, expert):
        found += _single(app, peeker, contest)
    found += _messages(contest)
    found += _papers(hospital, contest)
    return found


def _pages(peeker: Peeker, contest: Contest, own: int | None) -> Iterator[str]:
    """Lists, the call, the center, the competition: no name, number or code of anybody else."""
    stage = contest.stage
    paths = (
        *PAGES, f"/calls/{stage.call_id}", f"/centers/{stage.center_id}",
        f"/competitions/{contest.code}", f"/applications?call={stage.call_id}",
    )  # fmt: skip
    own_names = [contest.hospitals[0].organization_name] if own is not None else []
    for path in paths:
        answer = peeker.get(path)
        text = answer.get_data(as_text=True)
        for secret in _secrets(contest, own):
            if secret in text and secret not in own_names:
                yield f"{peeker.actor.role} reads {secret} on {path}"


def _searches(peeker: Peeker, contest: Contest, own: int | None) -> Iterator[str]:
    """A search for a rival finds what a search for nonsense finds."""
    for secret in _secrets(contest, own):
        said = peeker.said(f"/applications?q={secret}")
        nonsense = peeker.said("/applications?q=没有这家医院")
        if said[0] != nonsense[0] or _rows(said[1]) != _rows(nonsense[1]):
            yield f"{peeker.actor.role} finds {secret}"


def _rows(text: str) -> int:
    return len(re.findall(r"<tr|<li class=\"row", text))


def _single(app: Flask, peeker: Peeker, contest: Contest) -> Iterator[str]:
    """A rival's application is, in every byte, one that never was."""
    rival = contest.applications[1]
    file_code = db.session.scalars(
        sa.select(ApplicationFile.code)
        .join(Application, Application.id == ApplicationFile.application_id)
        .where(Application.code == rival)
    ).first()
    db.session.rollback()
    theirs = list(_addresses(app, rival, file_code or ""))
    nobodys = list(_addresses(app, new_code(), new_code()))
    for there, nowhere in zip(theirs, nobodys, strict=True):
        status, text = peeker.said(there)
        other_status, other_text = peeker.said(nowhere)
        same = text.replace(there, "…") == other_text.replace(nowhere, "…")
        if status < 400 or status != other_status or (not same and rival in text):
            yield f"{peeker.actor.role} gets {status} at {there}"


def _messages(contest: Contest) -> Iterator[str]:
    """No message tells staff or a rival what is sealed."""
    names = {h.organization_id: h.organization_name for h in contest.hospitals}
    for message in db.session.scalars(sa.select(Message)):
        if not message.kind.startswith("application."):
            continue
        if message.role is not Role.INSTITUTION_OFFICER:
            yield f"a message of kind {message.kind} to {message.role}"
        elif message.params.get("institution") != names.get(message.organization_id or 0):
            yield f"a message about {message.params} to {message.organization_id}"
    db.session.rollback()


def _papers(peeker: Peeker, contest: Contest) -> Iterator[str]:
    """The paper of a rival is not handed out by its code."""
    for code in db.session.scalars(
        sa.select(Paper.code).where(
            Paper.subject_type == "application", Paper.owner_id != peeker.actor.organization_id
        )
    ).all():
        if peeker.get(f"/papers/{code}").status_code != 404:
            yield f"paper {code} is open to a rival"
    db.session.rollback()


def leaks_of_scores(app: Flask, contest: Contest) -> list[str]:
    """What anybody learns of lodged scores before the review is closed, and of files without a
    declaration."""
    found = list[str]()
    reviews = contest.reviews()
    entry = contest.entries()[0]
    (first, actor), (second, _other), *_ = reviews.items()
    peeker = Peeker(app, actor)
    found += [
        f"a reviewer reads another's {path}"
        for path in (f"/reviews/{second}", f"/reviews/{second}/applications/{entry}")
        if peeker.get(path).status_code != 404
    ]
    for one in (contest.reception, contest.commission, contest.hospitals[0]):
        staff = Peeker(app, one)
        for path in (f"/competitions/{contest.code}", f"/reviews/{first}",
                     f"/reviews/{first}/applications/{entry}"):  # fmt: skip
            text = staff.get(path).get_data(as_text=True)
            if "87.3" in text or "43.1" in text:
                found.append(f"{one.role} reads scores on {path}")
    return found


def leaks_to_undeclared(app: Flask, contest: Contest) -> list[str]:
    """What a reviewer reads who has not declared, or who reported a conflict."""
    found: list[str] = []
    for code, actor in contest.reviews().items():
        peeker = Peeker(app, actor)
        for entry in contest.entries():
            path = f"/reviews/{code}/applications/{entry}"
            if peeker.get(path).status_code != 404:
                found.append(f"{actor.name} reads {path}")
    return found
