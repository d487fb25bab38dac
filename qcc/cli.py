"""Commands of the whole product; features bring their own in their cli.py."""

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from qcc.experts.cli import roster_group
from qcc.infra import audit
from qcc.infra.db import db

audit_group = AppGroup("audit", help="The audit chain.")


@audit_group.command("verify")
@click.option("--expect", help="COUNT:HASH noted at an earlier time; must still be in the chain.")
def verify_audit(expect: str | None) -> None:
    """Check the audit chain; exit 1 and name every break if it does not hold."""
    breaks = list(audit.verify(db.session, expect))
    for found in breaks:
        click.echo(f"event {found.seq}: {found.reason}")
    count, last = audit.head(db.session)
    click.echo(f"{count} events, head {count}:{last}")
    sys.exit(1 if breaks else 0)


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(audit_group)
    app.cli.add_command(roster_group)
