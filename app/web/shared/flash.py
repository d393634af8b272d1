"""The one-line message after a redirect. The cookie holds a code from this list, never text."""

from collections.abc import Mapping

from app.kernel.language import Language
from app.kernel.words import N_
from app.platform.i18n import translations
from app.platform.settings import Settings

_PLAIN = "samstyr-said"


def flash_cookie(settings: Settings) -> str:
    """The name of the cookie; behind TLS it is held to this host, so that no neighbour can put words into our pages."""
    return f"__Host-{_PLAIN}" if settings.secure_cookies else _PLAIN


MESSAGES: Mapping[str, str] = {
    "saved": N_("Saved."),
    "created": N_("Created."),
    "removed": N_("Removed."),
    "moved": N_("Moved."),
    "shared": N_("Shared. Everybody in the forum can now read it."),
    "exempted": N_("Exempt from public access. What the public sees is under “Public access”."),
    "line_exempted": N_("Exempt from public access. Readers without access do not see the line."),
    "exemption_ended": N_("The exemption is ended."),
    "released": N_("Released."),
    "release_withdrawn": N_("The release is withdrawn."),
    "ready": N_("Marked as ready."),
    "stepped": N_("The case has moved on."),
    "corrected": N_("The correction stands after the paper. The paper itself is as it was."),
    "referred": N_("Referred. The other forum has the case now."),
    "attached": N_("The file is attached."),
    "attached_cleaned": N_(
        "The file is attached. What it would have fetched from elsewhere was taken out; the history says what."
    ),
    "attached_waiting": N_(
        "The file is kept, and waits to be checked for viruses. It can be downloaded once that is done."
    ),
    "template_offered": N_("The template is kept. Look it over before papers are made with it."),
    "template_used": N_("Papers are made with this template from now on."),
    "imported": N_("The paper has been read in. Look it over."),
    "on_agenda": N_("On the agenda."),
    "off_agenda": N_("Taken off the agenda."),
    "called": N_("The meeting is called."),
    "recalled": N_("The call is withdrawn."),
    "cancelled": N_("The meeting is called off."),
    "restored": N_("The meeting is planned again."),
    "ended": N_("Ended."),
    "draft_discarded": N_("The draft is discarded."),
    "signed_out": N_("You are logged out."),
    "password_chosen": N_("Your password is saved. Log in with it."),
    "password_changed": N_("The password is changed. Other devices are logged out."),
    "codes_removed": N_("Codes are not asked for any more. Other devices are logged out."),
    "codes_reset": N_("The user logs in without codes now, and can set them up again."),
    "identity_linked": N_("The account can be opened with single sign-on now."),
    "identity_unlinked": N_("That single sign-on does not open the account any more."),
    "session_ended": N_("That device is logged out."),
}


def flashed(code: str, language: Language) -> list[tuple[str, str]]:
    """What to show for a cookie's code: nothing for one that is not ours."""
    message = MESSAGES.get(code)
    return [("success", translations(language).ugettext(message))] if message else []
