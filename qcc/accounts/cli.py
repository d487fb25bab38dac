"""Commands of accounts: the first administrators of an installation, and a way back in."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import AppGroup

from qcc.accounts.services import Founder, invite_administrator, renew_link
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.kernel.permissions import ADMINISTRATORS, Role

accounts_group = AppGroup("accounts", help="The first administrators, and new links.")

ROLES = sorted(role.value for role in ADMINISTRATORS)


@contextmanager
def _plainly() -> Iterator[None]:
    """A refusal is a sentence on the terminal, not a traceback."""
    try:
        yield
    except Refused as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    except NotFound as missing:
        raise click.ClickException("There is no such place or user.") from missing


def _tell(username: str, token: str) -> None:
    """Print the link. The address is put together by hand: there is no request to take it from."""
    click.echo(f"{username}: {current_app.config['PUBLIC_URL']}/activate/{token}")
    click.echo("The link works once, for 72 hours. Hand it to its owner and to nobody else.")


@accounts_group.command("invite-admin")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--place", required=True, help="GB/T 2260 code of the commission, such as 330000.")
@click.option("--commission", required=True, help="Its full name; registered if it is new.")
@click.option("--name", required=True, help="The administrator's name.")
@click.option("--username", required=True)
def invite_admin(role: str, place: str, commission: str, name: str, username: str) -> None:
    """Invite the first administrator of a role; prints the activation link.

    The three roles are held by three people.
    """
    with _plainly(), transaction():
        founder = Founder(Role(role), place, commission, name, username)
        user, token = invite_administrator(founder)
        invited = user.username
    _tell(invited, token)


@accounts_group.command("new-link")
@click.argument("username")
def new_link(username: str) -> None:
    """Print a new activation link for a user who cannot get one otherwise."""
    with _plainly(), transaction():
        token = renew_link(username)
    _tell(username, token)
