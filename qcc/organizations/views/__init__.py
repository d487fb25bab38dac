"""Pages of organizations, people, the register of major incidents, and imports."""

from qcc.organizations import labels
from qcc.organizations.views import documents, imports, incidents, organizations, people
from qcc.organizations.views.blueprint import bp

__all__ = ["bp", "documents", "imports", "incidents", "labels", "organizations", "people"]
