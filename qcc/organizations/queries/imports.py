"""Reads of uploaded workbooks."""

import sqlalchemy as sa

from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.files import StoredFile
from qcc.kernel.permissions import Actor


def get_import_file(actor: Actor, file_id: int) -> StoredFile:
    """A workbook that the actor uploaded for the organization they act for; raises NotFound."""
    stored = db.session.scalars(
        sa.select(StoredFile).filter_by(
            id=file_id,
            kind="xlsx",
            organization_id=actor.organization_id,
            uploaded_by=actor.user_id,
        )
    ).one_or_none()
    if stored is None:
        raise NotFound
    return stored
