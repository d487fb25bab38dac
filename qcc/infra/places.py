"""Places as conditions of statements."""

import sqlalchemy as sa


def begins(code: sa.SQLColumnExpression[str], digits: str) -> sa.ColumnElement[bool]:
    """The condition that a division code begins with the digits (of `subtree_prefix`).

    They are written into the statement and not bound to it: PostgreSQL then plans a list of one
    city and one of the whole country each for itself, and keeps both plans.
    """
    return code.like(sa.literal(f"{digits}%", literal_execute=True))
