"""Every SELECT of organisations and persons."""

from app.directory.queries.names import NameLine, OrganisationNameOn, organisation_names
from app.directory.queries.organisations import (
    OrganisationDetails,
    OrganisationLine,
    OrganisationOption,
    get_organisation,
    list_organisations,
    organisation_options,
)
from app.directory.queries.pages import Page
from app.directory.queries.persons import PersonLine, PersonOption, get_person, list_persons, person_options

__all__ = [
    "NameLine",
    "OrganisationDetails",
    "OrganisationLine",
    "OrganisationNameOn",
    "OrganisationOption",
    "Page",
    "PersonLine",
    "PersonOption",
    "get_organisation",
    "get_person",
    "list_organisations",
    "list_persons",
    "organisation_names",
    "organisation_options",
    "person_options",
]
