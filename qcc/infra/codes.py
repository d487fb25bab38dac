"""Names of things in addresses and numbers that tell nothing about how many others there are."""

import secrets
from typing import Annotated

import sqlalchemy as sa
from sqlalchemy.orm import mapped_column

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10


def new_code() -> str:
    """Ten characters drawn at random, without those that are easily misread."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


Code = Annotated[str, mapped_column(sa.String(LENGTH), unique=True, default=new_code)]
