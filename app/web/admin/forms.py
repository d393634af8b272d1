"""The forms of administration."""

from app.kernel.language import Language
from app.web.shared.forms import Form, OptionalId, RequiredLine


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
