"""A hospital's desk from which files are attached to an application."""

from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qcc.applications.models import ApplicationFile
from qcc.infra.db import db
from qcc.kernel.permissions import Actor
from tests.browsing import CarefulClient
from tests.factories.applications import draft, stage
from tests.factories.centers import sit_down
from tests.factories.organizations import csrf_of
from tests.integration.conftest import Kept

PART = "hospital_profile"


def multipart(*parts: bytes, end: bytes = b"--X--\r\n") -> dict[str, Any]:
    """A body of these parts, as it goes over the wire."""
    body = b"".join(b"--X\r\n" + part + b"\r\n" for part in parts) + end
    return {"data": body, "content_type": "multipart/form-data; boundary=X"}


def field(name: str, value: bytes) -> bytes:
    """A part that is a field."""
    return b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), value)


def file_part(name: str, data: bytes) -> bytes:
    """A part that is a file, its name put in as it is."""
    head = b'Content-Disposition: form-data; name="file"; filename="%s"' % name.encode()
    return head + b"\r\nContent-Type: application/pdf\r\n\r\n" + data


def _drafted() -> tuple[Actor, str]:
    here = stage()
    return here.applicant, draft(here)


class Desk:
    """A hospital's browser at an application that it may edit."""

    def __init__(self, app: Flask, kept: Kept[tuple[Actor, str]]) -> None:
        self.actor, self.code = kept("desk", _drafted)
        self.client: FlaskClient = sit_down(CarefulClient(app), self.actor)
        self.page = f"/applications/{self.code}/report/{PART}"
        self.token = csrf_of(self.client.get(self.page))

    @property
    def address(self) -> str:
        return f"/applications/{self.code}/parts/{PART}/files"

    def send(self, data: bytes, name: str = "材料.pdf", **more: str) -> TestResponse:
        fields = {"csrf_token": self.token, **more}
        parts = [field(key, value.encode()) for key, value in fields.items()]
        return self.client.post(self.address, **multipart(*parts, file_part(name, data)))

    def said(self, answer: TestResponse) -> str:
        """What the page says after the upload."""
        assert answer.status_code == 302, answer.text
        text: str = self.client.get(answer.location).text
        return text

    def kept(self) -> list[ApplicationFile]:
        db.session.rollback()
        return list(db.session.scalars(sa.select(ApplicationFile).order_by(ApplicationFile.id)))

    def fetch(self) -> TestResponse:
        (file,) = self.kept()
        return self.client.get(f"/applications/{self.code}/files/{file.code}")
