"""What `flask demo` does; loaded only when it is asked for, so that the product starts without its
demo."""

import os
from pathlib import Path

import click

from qcc.demo import province, story
from qcc.demo.people import ACCOUNTS, demo_password


def load() -> None:
    """The demo province, once."""
    password = demo_password(os.environ.get("QCC_DEMO_PASSWORD", ""))
    if not province.load(password):
        click.echo("demo: is loaded already")
        return
    names = [*(username for username, _role, _organization in ACCOUNTS), "director", "secretary"]
    click.echo(f"demo: accounts {', '.join(names)}")
    click.echo(f"demo: password  {password}")


def play(out: str) -> None:
    """The story of one center, in the app that is pushed; its papers are left in *out*."""
    story.play(Path(out), click.echo)
