"""The forms of an account."""

from typing import Annotated, Literal

from pydantic import StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from app.kernel.language import Language
from app.web.shared.forms import Form, LineField, RequiredLine, SecretField
from app.web.shared.kept import LONGEST

RequiredSecret = Annotated[SecretField, StringConstraints(min_length=1)]


class CarryingForm(Form):
    """``kept_action`` and ``kept_fields`` are a form that was sent after a session was over; see ``shared.kept``."""

    kept_action: Annotated[str, StringConstraints(max_length=2000)] = ""
    kept_fields: Annotated[str, StringConstraints(max_length=2 * LONGEST)] = ""


class SignInForm(CarryingForm):
    """``next`` is where the visitor wanted to go; checked as it came by ``shared.addresses.own_path``."""

    email: RequiredLine
    password: RequiredSecret
    next: Annotated[str, StringConstraints(max_length=2000)] = ""


class NewPasswordForm(Form):
    """The form of an invitation. The address only tells password managers whose password it is."""

    email: LineField = ""
    password: RequiredSecret
    password_again: RequiredSecret

    @field_validator("password_again")
    @classmethod
    def _same(cls, value: str, info: ValidationInfo) -> str:
        if value != info.data.get("password", value):
            raise PydanticCustomError("password.not_same", "not the same")
        return value


class ChangePasswordForm(NewPasswordForm):
    """``current`` is the password that is to be replaced."""

    current: RequiredSecret


class PreferencesForm(Form):
    """How the pages look to one user."""

    language: Language
    color_scheme: Literal["auto", "light", "dark"]


class CodeForm(Form):
    """A code from the app, or a recovery code."""

    code: RequiredLine


class GiveCodeForm(CodeForm, CarryingForm):
    """The code that follows the password."""


class SetUpCodesForm(CodeForm):
    """The first code of a new app, and the password. ``offered`` is the app's secret, sealed by us for this user."""

    password: RequiredSecret
    offered: Annotated[str, StringConstraints(max_length=500)]


class RemoveCodesForm(CodeForm):
    """What it takes to log in without codes again."""

    password: RequiredSecret


class OfferForm(Form):
    """An identity that a provider has vouched for, in our own signed words."""

    offer: Annotated[str, StringConstraints(max_length=4000)]


class LinkForm(OfferForm):
    """The same, with the password of the account that it is to open; empty for one that has none."""

    password: SecretField = ""
