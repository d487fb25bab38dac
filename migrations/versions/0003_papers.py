"""Numbers, verification and stamped scans of issued papers."""

import json
import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# As they are at this step: migrations outlive the code.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10
TITLES = {
    "application_form": "设置申请表",
    "panel_roster": "专家组名单",
    "appointment_letters": "专家聘书",
    "appointment_letter": "专家聘书",
    "filing_letter": "专家组备案函",
}
SIGNED_BY = ("issuer", "center", "institution_name")
SIGNED_ON = ("decided_on", "approved_on", "submitted_on")
NEW = ("code", "title", "issuer", "dated_on", "number", "issuer_id", "year", "serial")


def upgrade() -> None:
    op.create_table(
        "document_registers",
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["organizations.id"], name=op.f("fk_document_registers_issuer_id")
        ),
        sa.PrimaryKeyConstraint("issuer_id", "year", name=op.f("pk_document_registers")),
    )
    with op.batch_alter_table("organizations") as batch:
        batch.add_column(sa.Column("document_word", sa.String(20), nullable=True))
        batch.create_index("uq_organizations_document_word", ["document_word"], unique=True)
    with op.batch_alter_table("papers") as batch:
        batch.add_column(sa.Column("code", sa.String(LENGTH), nullable=True))
        batch.add_column(sa.Column("title", sa.String(120), nullable=True))
        batch.add_column(sa.Column("issuer", sa.String(120), nullable=True))
        batch.add_column(sa.Column("dated_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("number", sa.String(60), nullable=True))
        batch.add_column(sa.Column("issuer_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("year", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("serial", sa.Integer(), nullable=True))
    _fill()
    with op.batch_alter_table("papers") as batch:
        for name, kind in (
            ("code", sa.String(LENGTH)),
            ("title", sa.String(120)),
            ("issuer", sa.String(120)),
            ("number", sa.String(60)),
        ):
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.create_foreign_key(
            op.f("fk_papers_issuer_id"), "organizations", ["issuer_id"], ["id"]
        )
        batch.create_unique_constraint(op.f("uq_papers_code"), ["code"])
        batch.create_unique_constraint(
            op.f("uq_papers_issuer_id_year_serial"), ["issuer_id", "year", "serial"]
        )
        batch.create_index(
            "uq_papers_number",
            ["number"],
            unique=True,
            sqlite_where=sa.text("number <> ''"),
            postgresql_where=sa.text("number <> ''"),
        )
    op.create_table(
        "paper_scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.String(60), nullable=False),
        sa.Column("organization_name", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_scans_paper_id")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_paper_scans_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_scans")),
    )
    with op.batch_alter_table("paper_scans") as batch:
        batch.create_index(op.f("ix_paper_scans_paper_id"), ["paper_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("paper_scans") as batch:
        batch.drop_index(op.f("ix_paper_scans_paper_id"))
    op.drop_table("paper_scans")
    with op.batch_alter_table("papers") as batch:
        batch.drop_index("uq_papers_number")
        batch.drop_constraint(op.f("uq_papers_issuer_id_year_serial"), type_="unique")
        batch.drop_constraint(op.f("uq_papers_code"), type_="unique")
        batch.drop_constraint(op.f("fk_papers_issuer_id"), type_="foreignkey")
        for name in reversed(NEW):
            batch.drop_column(name)
    with op.batch_alter_table("organizations") as batch:
        batch.drop_index("uq_organizations_document_word")
        batch.drop_column("document_word")
    op.drop_table("document_registers")


def _fill() -> None:
    """What the papers of before say of themselves: their issuer and day. They keep no number."""
    bind = op.get_bind()
    papers = sa.table(
        "papers",
        sa.column("id", sa.Integer),
        sa.column("kind", sa.String),
        sa.column("content", sa.JSON),
        sa.column("code", sa.String),
        sa.column("title", sa.String),
        sa.column("issuer", sa.String),
        sa.column("dated_on", sa.Date),
        sa.column("number", sa.String),
    )
    rows = bind.execute(sa.select(papers.c.id, papers.c.kind, papers.c.content)).all()
    for (key, kind, content), code in zip(rows, _codes(), strict=False):
        said = json.loads(content) if isinstance(content, str) else content
        bind.execute(
            papers.update()
            .where(papers.c.id == key)
            .values(
                code=code,
                title=_title(kind, said),
                issuer=next((said[name] for name in SIGNED_BY if said.get(name)), ""),
                dated_on=_day(said),
                number="",
            )
        )


def _codes() -> Iterator[str]:
    seen: set[str] = set()
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if code not in seen:
            seen.add(code)
            yield code


def _title(kind: str, said: dict[str, Any]) -> str:
    if kind == "decision":
        return "设置批准决定" if said.get("approved") else "不予批准决定"
    return TITLES.get(kind, kind)


def _day(said: dict[str, Any]) -> date | None:
    found = next((said[name] for name in SIGNED_ON if said.get(name)), None)
    return date.fromisoformat(found) if found else None
