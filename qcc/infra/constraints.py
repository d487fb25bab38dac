"""What the database refuses, said as the rule would have said it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import IntegrityError

from qcc.infra.db import db, violates
from qcc.infra.errors import Refused


@contextmanager
def refusing(sentences: Mapping[str, tuple[Any, str | None]]) -> Iterator[None]:
    """Write what was changed; turn a violated constraint into its refusal.

    *sentences*: constraint → (message, field). Another request may have won the race since the
    check, and the constraint is what holds. Where SQLite tells only columns and one constraint's
    columns begin another's, the longer one is named first.
    """
    try:
        yield
        db.session.flush()
    except IntegrityError as error:
        for constraint, (message, field) in sentences.items():
            if violates(error, constraint):
                raise Refused(message, field) from error
        raise
