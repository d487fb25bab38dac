"""Steps on timelines, messages to desks and stored files: what every act leaves behind."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from bench.province.bodies import Desk
from bench.province.writer import Writer
from qcc.infra.files import StoredFile
from qcc.infra.outbox import MailState, Message
from qcc.infra.transitions import TransitionRecord


def step(
    writer: Writer,
    subject: tuple[str, int],
    action: tuple[str, str, str],
    desk: Desk,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """A step of a subject (workflow and key): action, state before, state after."""
    writer.add(
        TransitionRecord,
        workflow=subject[0],
        subject_id=subject[1],
        action=action[0],
        source=action[1],
        target=action[2],
        at=at,
        user_id=desk.user_id,
        person_id=desk.person_id,
        person_name=desk.name,
        role=desk.role.value,
        organization_id=desk.organization_id,
        organization_name=desk.organization_name,
        reason=reason,
        detail={"findings": [], **(detail or {})},
    )


def message(
    writer: Writer,
    desk: Desk,
    kind: str,
    params: Mapping[str, Any],
    link: str,
    at: datetime,
    is_read: bool,
) -> None:
    """A message to a desk, mailed long ago."""
    writer.add(
        Message,
        organization_id=desk.organization_id,
        role=desk.role,
        kind=kind,
        params=dict(params),
        link=link,
        created_at=at,
        read_at=at if is_read else None,
        mail_state=MailState.POSTED,
    )


def file(writer: Writer, name: str, owner_id: int, by: int | None, at: datetime) -> tuple[int, str]:
    """The row of a stored file (its bytes are nowhere); returns its key and hash."""
    digest = sha256(f"{name}{owner_id}{at}".encode()).hexdigest()
    place = f"{digest[:2]}/{digest[:30]}{owner_id}x{writer.count(StoredFile)}"
    key = writer.add(
        StoredFile,
        place=place,
        name=name,
        kind="pdf",
        size=80_000 + len(name) * 997,
        sha256=digest,
        organization_id=owner_id,
        uploaded_by=by,
        at=at,
    )
    return key, digest
