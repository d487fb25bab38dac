"""Commands about the catalogs: places and specialties."""

from datetime import date, datetime

import click
from flask.cli import AppGroup

from qcc.centers.services import load_catalog
from qcc.infra import clock
from qcc.infra.db import transaction
from qcc.organizations.services import load_places

group = AppGroup("catalog", help="Places and specialties.")


@group.command("load")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day from which new specialties hold; today if not given.",
)
def load(since: datetime | None) -> None:
    """Enter the catalogs in the database; a second run changes nothing."""
    day: date = since.date() if since else clock.today()
    with transaction():
        places, specialties = load_places(None), load_catalog(None, day)
    click.echo(f"places: {places} new or changed; specialties: {specialties} new or changed")
