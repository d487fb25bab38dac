"""What the database holds, to see that nothing of it changed."""

import sqlalchemy as sa

from qcc.applications.models import Application
from qcc.centers.models import Center
from qcc.infra.db import db


def everything() -> dict[str, object]:
    """What a refused act may not change: rows of every table, states and versions."""
    db.session.rollback()
    counts: dict[str, object] = {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in db.metadata.sorted_tables
    }
    for model in (Application, Center):
        rows = db.session.execute(sa.select(model.id, model.state, model.version))
        counts[f"{model.__tablename__} as they are"] = sorted(tuple(row) for row in rows)
    return counts
