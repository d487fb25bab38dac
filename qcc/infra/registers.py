"""Registers of document numbers (发文字号): for each issuer and year, without gaps or doubles."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from qcc.infra.db import Model, db


class DocumentRegister(Model):
    """How many numbers an issuer has given out in a year: the last of them."""

    __tablename__ = "document_registers"

    issuer_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def allot(issuer_id: int, year: int) -> int:
    """The issuer's next number of the year, in the running transaction.

    The register's row stays locked until the transaction ends: whoever comes next waits, and gets
    the same number if it was rolled back. Call it last, so that others wait shortly.
    """
    dialect = db.session.connection().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    row = insert(DocumentRegister).values(issuer_id=issuer_id, year=year, last=1)
    taken = row.on_conflict_do_update(
        index_elements=["issuer_id", "year"], set_={"last": DocumentRegister.last + 1}
    )
    return int(db.session.execute(taken.returning(DocumentRegister.last)).scalar_one())


def document_number(word: str, year: int, serial: int) -> str:
    """浙卫医质〔2026〕12号: six-cornered brackets, no leading zero (GB/T 9704-2012, 7.2.5)."""
    return f"{word}〔{year}〕{serial}号"
