"""Templates: one environment per language, and the answer that a page becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from fastapi import Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.access.permissions import Permission
from app.idempotency.rules import FIELD, new_key
from app.kernel.language import Language
from app.platform.i18n import format_date, format_long_date, format_moment, translations
from app.platform.resources import resource_dir
from app.web.shared.addresses import Addresses, static_address
from app.web.shared.flash import flash_cookie, flashed
from app.web.shared.forms import Bound
from app.web.shared.reasons import message_of
from app.web.shared.visit import Visit


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main menu."""

    label: str
    href: str
    current: bool


class ShownForm:
    """A form as templates see it: what was typed, and what is wrong in the reader's words."""

    def __init__(self, bound: Bound[Any], language: Language) -> None:
        self._bound = bound
        self._language = language
        self._labels: dict[str, str] = {}

    def called(self, name: str, label: str) -> str:
        """Note what the page calls a field, so that its messages can be understood away from it. Returns nothing to show."""
        self._labels.setdefault(name, label.unescape() if isinstance(label, Markup) else label)
        return ""

    @property
    def errors(self) -> list[tuple[str, str]]:
        """The fields that something is wrong with, and what."""
        return [
            (
                error.field,
                message_of(self._language, error.code, error.values, self._labels.get(error.field, "")),
            )
            for error in self._bound.errors
        ]

    def raw(self, name: str) -> str:
        """What stands in the field."""
        return self._bound.raw(name)

    def raw_list(self, name: str) -> list[str]:
        """What stands in the fields of one name."""
        return list(self._bound.raw_list(name))

    def error(self, name: str) -> str | None:
        """The message beside the field, or None."""
        return next((message for field, message in self.errors if field == name), None)


class Templates:
    """Renders pages. Created once for the application."""

    def __init__(self, addresses: Addresses) -> None:
        self.addresses = addresses
        loader = FileSystemLoader(resource_dir("templates"))
        self._environments = {language: self._environment(loader, language) for language in Language}

    def _environment(self, loader: FileSystemLoader, language: Language) -> Environment:
        environment = Environment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.policies["ext.i18n.trimmed"] = True
        environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
        environment.globals.update(url=self.addresses, static=static_address, key_field=key_field)
        environment.filters.update(
            day=lambda value: format_date(value) if value else "",
            long_day=lambda value: format_long_date(value, language) if value else "",
            moment=format_moment,
            clock=lambda value: f"{value:%H.%M}" if value else "",
        )
        return environment

    def render(self, visit: Visit, name: str, context: Mapping[str, Any], *, block: str | None = None) -> str:
        """The page as text, or one named block of it."""
        language = visit.language
        template = self._environments[language].get_template(name)
        values = self._frame(visit, language)
        for key, value in context.items():
            values[key] = ShownForm(value, language) if isinstance(value, Bound) else value
        if block is None:
            return template.render(values)
        return "".join(template.blocks[block](template.new_context(values)))

    def _frame(self, visit: Visit, language: Language) -> dict[str, Any]:
        actor = visit.actor_if_any
        return {
            "actor": actor,
            "language": language.value,
            "color_scheme": visit.signed_in.color_scheme if visit.signed_in else "auto",
            "nav_items": self._menu(visit, language) if actor else [],
            "flashes": flashed(visit.request.cookies.get(flash_cookie(visit.settings), ""), language),
        }

    def _menu(self, visit: Visit, language: Language) -> list[NavItem]:
        say = translations(language).ugettext
        entries = [
            (say("Forums"), "forums:list", "/forums"),
            (say("Cases"), "cases:list", "/cases"),
            (say("Organisations"), "directory:organisations", "/organisations"),
            (say("People"), "directory:persons", "/persons"),
        ]
        if visit.actor.may(Permission.USER_MANAGE):
            entries.append((say("Administration"), "admin:users", "/admin"))
        path = visit.request.url.path
        return [
            NavItem(label, self.addresses(name), path.startswith(start)) for label, name, start in entries
        ]


def key_field() -> Markup:
    """The hidden field that makes a form act once. Off for autocompletion: browsers fill a used key in again otherwise."""
    return Markup('<input type="hidden" name="{}" value="{}" autocomplete="off">').format(FIELD, new_key())


def templates_of(visit: Visit) -> Templates:
    """The application's templates."""
    return cast(Templates, visit.request.app.state.templates)


def page(
    visit: Visit,
    name: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    block: str | None = None,
) -> Response:
    """Answer with a page; htmx gets the named block alone.

    An answer of 400 or more rolls the unit of work back.
    """
    fragment = block if visit.request.headers.get("hx-request-type") == "partial" else None
    text = templates_of(visit).render(visit, name, context or {}, block=fragment)
    # Templates hold cleaned text; "replace" is for what a person typed and the page shows back.
    response = HTMLResponse(text.encode("utf-8", "replace"), status_code=status)
    response.headers["vary"] = "Cookie, Accept-Language, HX-Request, HX-Request-Type"
    said = flash_cookie(visit.settings)
    if said in visit.request.cookies and fragment is None:
        response.delete_cookie(said, secure=visit.settings.secure_cookies, httponly=True, samesite="lax")
    return response


def redirect(
    visit: Visit, name: str, *, flash: str | None = None, anchor: str = "", **values: Any
) -> Response:
    """Answer 303 to a page, with a message to show there (a code of ``flash.MESSAGES``)."""
    address = templates_of(visit).addresses(name, **values) + (f"#{anchor}" if anchor else "")
    response = RedirectResponse(address, status_code=303)
    say_there(visit, response, flash or "")
    return response


def say_there(visit: Visit, response: Response, flash: str) -> None:
    """Have the next page show a message (a code of ``flash.MESSAGES``), if any."""
    if flash:
        response.set_cookie(
            flash_cookie(visit.settings),
            flash,
            max_age=60,
            httponly=True,
            samesite="lax",
            secure=visit.settings.secure_cookies,
        )


def say(visit: Visit) -> Callable[[str], str]:
    """``_`` in the reader's language, for the few words that are made outside templates."""
    return translations(visit.language).ugettext
