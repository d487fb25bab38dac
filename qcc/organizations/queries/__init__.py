"""Reads about places, organizations, people and incidents, within the actor's jurisdiction."""

from qcc.organizations.queries.documents import (
    list_document_years,
    list_documents,
    word_holder,
)
from qcc.organizations.queries.imports import get_import_file
from qcc.organizations.queries.incidents import (
    get_incident,
    list_incident_dates,
    list_incidents,
)
from qcc.organizations.queries.organizations import (
    count_organizations,
    find_commission,
    find_organization_by_name,
    find_reception,
    get_organization,
    list_authorities,
    list_children,
    list_holders_of,
    list_organization_names,
    list_organizations,
    list_parent_names,
    list_parents_of,
    organizations_visible_to,
    own_organization,
)
from qcc.organizations.queries.people import (
    count_people,
    find_person,
    get_person,
    list_names_of_people,
    list_people,
    people_visible_to,
)
from qcc.organizations.queries.places import full_name_of, get_place, list_places, names_of_places

__all__ = [
    "count_organizations",
    "count_people",
    "find_commission",
    "find_organization_by_name",
    "find_person",
    "find_reception",
    "full_name_of",
    "get_import_file",
    "get_incident",
    "get_organization",
    "get_person",
    "get_place",
    "list_authorities",
    "list_children",
    "list_document_years",
    "list_documents",
    "list_holders_of",
    "list_incident_dates",
    "list_incidents",
    "list_names_of_people",
    "list_organization_names",
    "list_organizations",
    "list_parent_names",
    "list_parents_of",
    "list_people",
    "list_places",
    "names_of_places",
    "organizations_visible_to",
    "own_organization",
    "people_visible_to",
    "word_holder",
]
