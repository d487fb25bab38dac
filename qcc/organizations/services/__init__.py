"""Writes about places, organizations, people and incidents."""

from qcc.organizations.services.documents import issue_numbered, set_document_word
from qcc.organizations.services.imports import (
    ImportPlan,
    PlanChanged,
    import_organizations,
    judge_import,
)
from qcc.organizations.services.incidents import register_incident, withdraw_incident
from qcc.organizations.services.judging import Verdict
from qcc.organizations.services.organizations import (
    add_organization,
    checked_credit_code,
    edit_organization,
)
from qcc.organizations.services.people import (
    add_person,
    add_person_anywhere,
    edit_person,
    find_or_add_person,
    require_possible_birth,
)
from qcc.organizations.services.places import load_places

__all__ = [
    "ImportPlan",
    "PlanChanged",
    "Verdict",
    "add_organization",
    "add_person",
    "add_person_anywhere",
    "checked_credit_code",
    "edit_organization",
    "edit_person",
    "find_or_add_person",
    "import_organizations",
    "issue_numbered",
    "judge_import",
    "load_places",
    "register_incident",
    "require_possible_birth",
    "set_document_word",
    "withdraw_incident",
]
