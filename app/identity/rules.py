"""What a password, an address, a code and a try to sign in must be."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from app.kernel.errors import Reason

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 1000
LONGEST_EMAIL: Final = 254  # RFC 5321, 4.5.3.1.3
COLOR_SCHEMES: Final = ("auto", "light", "dark")

ATTEMPT_WINDOW: Final = timedelta(minutes=15)
FAILURES_PER_ACCOUNT: Final = 5
FAILURES_PER_ADDRESS: Final = 20
KEEP_ATTEMPTS: Final = timedelta(days=30)

_SHORTEST_GIVEAWAY: Final = 4


class AttemptOutcome(StrEnum):
    """How a try to sign in ended. A try counts as failed until it has succeeded."""

    FAILED = "failed"
    SUCCEEDED = "succeeded"
    BLOCKED = "blocked"  # not looked at: there were too many before it


class SignInMethod(StrEnum):
    """How somebody showed who they are."""

    PASSWORD = "password"  # noqa: S105  a word for the way, no secret
    PASSWORD_AND_CODE = "password_and_code"  # noqa: S105  as above
    PROVIDER = "provider"  # single sign-on; how strongly is the provider's matter, and its acr is checked


class TotpRequired(StrEnum):
    """Whose log-ins with a password need a code as well."""

    NONE = "none"
    ADMINS = "admins"
    ALL = "all"

    def concerns(self, method: SignInMethod, *, is_administrator: bool) -> bool:
        """Whether somebody who signed in this way has to set up a code before anything else."""
        wanted = self is TotpRequired.ALL or (self is TotpRequired.ADMINS and is_administrator)
        return wanted and method is SignInMethod.PASSWORD


def password_reasons(password: str, *, email: str, name: str) -> list[Reason]:
    """Everything that stands against a new password; empty when it may be used.

    Length and guessability count, composition does not (OWASP ASVS 5.0, 6.2). The account's own e-mail address and name,
    and each word of them of four letters or more, may not stand in it.
    """
    if len(password) < SHORTEST_PASSWORD:
        return [Reason("password.too_short", "password", {"shortest": str(SHORTEST_PASSWORD)})]
    if len(password) > LONGEST_PASSWORD:
        return [Reason("password.too_long", "password", {"longest": str(LONGEST_PASSWORD)})]
    folded = password.casefold()
    reasons = []
    if _is_common(folded):
        reasons.append(Reason("password.common", "password"))
    if any(giveaway in folded for giveaway in _giveaways(email, name)):
        reasons.append(Reason("password.contains_identity", "password"))
    return reasons


def email_reasons(email: str) -> list[Reason]:
    """Why this cannot be an address to sign in with: one ``@`` between two parts, no white space, at most 254 signs."""
    local, mark, domain = email.partition("@")
    if (
        not (local and mark and domain)
        or "@" in domain
        or len(email) > LONGEST_EMAIL
        or email.split() != [email]
    ):
        return [Reason("user.email_invalid", "email")]
    return []


def fold_email(email: str) -> str:
    """The address as accounts are stored and looked up."""
    return email.strip().casefold()


@cache
def _common_passwords() -> frozenset[str]:
    text = files("app.identity").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _is_common(folded: str) -> bool:
    # A common word padded with digits and signs is as easily guessed as the word itself, and so is a repeated one.
    common = _common_passwords()
    core = folded.strip("0123456789!?.,-_*#@ ")
    unit = next((folded[:size] for size in range(1, 7) if _repeats(folded, size)), None)
    return folded in common or core in common or unit is not None


def _repeats(text: str, size: int) -> bool:
    return (text[:size] * (len(text) // size + 1))[: len(text)] == text


def _giveaways(email: str, name: str) -> Sequence[str]:
    local, _, domain = email.casefold().partition("@")
    words = {
        local,
        domain.partition(".")[0],
        *local.replace("-", ".").replace("_", ".").split("."),
        *name.casefold().split(),
    }
    return [word for word in words if len(word) >= _SHORTEST_GIVEAWAY]
