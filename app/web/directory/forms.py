"""The forms of the directory."""

from app.directory.rules import Side
from app.web.shared.forms import Form, LineField, OptionalDate, OptionalId, RequiredDate, RequiredLine


class NewOrganisationForm(Form):
    """An organisation with its first name."""

    name: RequiredLine
    abbreviation: LineField = ""
    valid_from: OptionalDate = None
    side: Side
    registration_number: LineField = ""
    predecessor_id: OptionalId = None


class EditOrganisationForm(Form):
    """An organisation without its names."""

    version: int
    side: Side
    registration_number: LineField = ""
    predecessor_id: OptionalId = None


class RenameForm(Form):
    """A new name from a day on."""

    version: int
    name: RequiredLine
    abbreviation: LineField = ""
    valid_from: RequiredDate


class TemplateForm(Form):
    """The fields beside the file of a Word template, and the whole form that takes it away."""

    version: int


class NewPersonForm(Form):
    """A person."""

    name: RequiredLine
    email: LineField = ""
    organisation_id: OptionalId = None


class EditPersonForm(NewPersonForm):
    """A person as it is changed."""

    version: int
