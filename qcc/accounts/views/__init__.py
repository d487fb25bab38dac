"""Signing in and out, one's own desk, users and roles, the audit trail."""

from qcc.accounts import labels
from qcc.accounts.views import audits, desk, entry, roles, telling, users
from qcc.accounts.views.blueprint import bp

__all__ = ["audits", "bp", "desk", "entry", "labels", "roles", "telling", "users"]
