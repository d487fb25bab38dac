"""Signed-in browsers: real session rows and the cookies that belong to them."""

import sqlalchemy as sa
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from qcc.accounts.models import RoleAssignment, User
from qcc.accounts.sessions import start_session
from qcc.accounts.signed_in import remember
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Role
from qcc.organizations.models import Organization


def sign_in(app: Flask, role: Role, organization_id: int, person_id: int = 0) -> str:
    """Start a session for who has the role there, or for that person; returns the Cookie header of
    the browser."""
    with app.test_request_context():
        with transaction():
            user, assignment = _holder(role, organization_id, person_id)
            token = start_session(user, assignment, "127.0.0.1", "bench")
        remember(token)
        generate_csrf()
        answer = app.make_response("")
        app.session_interface.save_session(app, session, answer)  # type: ignore[arg-type]
        db.session.remove()
        db.engine.dispose()
    return answer.headers["Set-Cookie"].partition(";")[0]


def _holder(role: Role, organization_id: int, person_id: int) -> tuple[User, int]:
    found = (
        sa.select(User, RoleAssignment.id)
        .join(RoleAssignment, RoleAssignment.person_id == User.person_id)
        .where(RoleAssignment.role == role, RoleAssignment.organization_id == organization_id)
        .order_by(User.id)
        .limit(1)
    )
    if person_id:
        found = found.where(User.person_id == person_id)
    user, assignment = db.session.execute(found).one()
    return user, assignment


def commission_of(app: Flask, place: str) -> int:
    """The key of the health commission of a place."""
    with app.app_context():
        found = db.session.scalars(
            sa.select(Organization.id).filter_by(place=place, kind="commission")
        ).one()
        db.session.remove()
        db.engine.dispose()
    return found
