"""The forms of administration."""

from app.kernel.language import Language
from app.web.shared.forms import Form, LineField, OptionalDate, OptionalId, RequiredDate, RequiredLine


class NewUserForm(Form):
    """Somebody who is to be invited."""

    name: RequiredLine
    email: RequiredLine
    language: Language
    person_id: OptionalId = None
    is_administrator: bool = False


class EditUserForm(Form):
    """An account as it is changed."""

    version: int
    name: RequiredLine
    person_id: OptionalId = None
    is_administrator: bool = False
    is_active: bool = False


class BasisForm(Form):
    """A provision to add. A citation that is missing in one language is lent from another."""

    law: RequiredLine
    section: RequiredLine
    paragraph: LineField = ""
    printed_nb: RequiredLine
    printed_nn: LineField = ""
    printed_da: LineField = ""
    printed_en: LineField = ""
    about: LineField = ""
    is_duty: bool = False
    whole_document: bool = False
    valid_from: RequiredDate
    valid_to: OptionalDate = None


class EndBasisForm(Form):
    """The last day on which a provision is law."""

    version: int
    valid_to: RequiredDate
