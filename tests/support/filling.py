"""Filling in routes and forms: addresses from the world's values, forms as the pages offer them.

A form is taken from the page that holds it, as a browser would, so that its hidden fields and choices are right. What a
page leaves for people to fill in is said once, in ``TYPED``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from string import Formatter
from typing import Any

import lxml.html

from app.documents.docx.styles import shipped_template
from app.web.shared.pages import Route
from tests.support.calling import Answer, Caller, Files, quoted
from tests.support.world import HERE, ONE_FOR_EACH_FORUM, Scene, Who, World

CASE_VALUES = frozenset({"case_id", "treatment_id", "part_id", "attachment_id", "exemption_id", "spelling"})
FORUM_VALUES = frozenset({"key", "meeting_id", "line_id", "mandate_id", "seat_id", "membership_id"})
STEPS = {
    "cases:confirm_step": "withdraw",
    "cases:step": "withdraw",
    "meetings:ask_step": "recall",
    "meetings:step": "recall",
}
"""What stands for ``{step}`` in a route: a step that some scene offers."""

IN_THE_FORM = {"cases:create": "forum"}
"""Routes that name their forum in a field and not in the address."""

NEEDS_MORE: dict[str, str] = {
    "account:code": "a log-in that has shown its password",
    "account:give_code": "a log-in that has shown its password",
    "admin:reset_codes": "an account that has codes",
    "account:set_up_second_factor": "a code of this half minute",
    "account:remove_second_factor": "a code of this half minute",
    "meetings:restore": "a meeting that is called off",
    **dict.fromkeys(
        (
            "account:start_single_sign_on",
            "account:finish_single_sign_on",
            "account:leave_provider",
            "account:invitation_with",
            "account:accept_with",
            "account:confirm_invitation",
            "account:start_link",
            "account:confirm_link",
            "account:link_identity",
            "account:unlink_identity",
        ),
        "a provider of single sign-on",
    ),
}
"""Routes that cannot do their work on the world alone, and what they need. They have tests of their own; here they refuse."""

MORE_PAGES = ("/cases/new?forum={key}",)
"""Pages that hold forms only with a query."""

FIELDS = {"parent_id": "forum_id", "forum": "key", "replaces": "exemption_id", "user": "user_id"}
"""Fields that hold an id of something in a forum, where they are called otherwise than in addresses."""

OF_NO_FORUM = frozenset(
    {"basis_id", "person_id", "organisation_id", "secretariat_id", "predecessor_id", "user_id"}
)
"""Fields with the id of something that belongs to the whole installation: everybody's to choose."""

TEXT = "Skrevet av en prøve"
PAPER = "Sak 77/2022 Tittel på saken\n\nBakgrunn\nNoe tekst.\n"
PASSWORD = "Godt-samarbeid-2022"
FILE: Files = {"file": ("vedlegg.txt", b"Noe tekst.\n")}
FILES: dict[str, Files] = {"directory:offer_template": {"file": ("template.docx", shipped_template())}}
"""What is chosen where a form asks for a file: a text, or what some route needs."""

TYPED: dict[str, dict[str, str]] = {
    "admin:add_basis": {
        "law": "Prøvelova",
        "section": "7",
        "printed_nb": "prøveloven § 7",
        "valid_from": "1.1.2020",
    },
    "admin:end_basis": {"valid_to": "31.12.2090"},
    "cases:correct": {"body": TEXT, "reason": TEXT},
    "cases:exempt": {"considered_wider_access": "true", "public_text": TEXT},
    "writing:keep": {
        "user": "{administrator_id}",
        "key": "{draft_key}",
        "version": "1",
        "fields": '[["title", "Noe nytt"]]',
    },
    "writing:discard": {"key": "{draft_key}"},
    "writing:presence": {"part": "head"},
    "cases:paste": {"html": "<p><b>hei</b></p>"},
    "account:sign_in": {"email": "nobody@example.no", "password": "fjorten grå hester"},
    "account:accept_invitation": {"password": PASSWORD, "password_again": PASSWORD},
    "account:change_password": {
        "current": "fjorten grå hester",
        "password": PASSWORD,
        "password_again": PASSWORD,
    },
    "admin:create_user": {"email": "new@example.no", "name": TEXT},
    "cases:create": {"title": TEXT},
    "cases:add_part": {"heading": TEXT},
    "cases:attach": {"title": TEXT},
    "cases:check_import": {"text": PAPER},
    "cases:confirm_import": {"text": PAPER, "make_meeting": ""},
    "cases:preview": {"text": "**hei**"},
    "cases:save_number": {"number": "88/2022"},
    "cases:put_on_agenda": {"meeting_id": "{meeting_id}"},
    "cases:refer": {"forum_id": "{forum_id}"},
    "directory:create_organisation": {"name": TEXT, "side": "state"},
    "directory:rename_organisation": {"name": TEXT, "valid_from": "1.1.2024"},
    "directory:create_person": {"name": TEXT},
    "forums:update_deadlines": {
        f"{kind}_days": "14" for kind in ("cases_in", "papers_dated", "papers_released", "minutes_out")
    },
    "forums:create": {"key": "new-forum", "name": TEXT},
    "forums:add_mandate": {"valid_from": "1.1.1990", "valid_to": "1.2.1990"},
    "forums:add_member": {"valid_from": "1.1.2020", "role": "observer", "seat_id": ""},
    "forums:add_seat": {"appointed_by": TEXT},
    "forums:update": {"parent_id": "", "secretariat_id": ""},
    "meetings:add_attendance": {"name": TEXT, "role": "guest"},
    "meetings:exempt": {"considered_wider_access": "true"},
    "meetings:cancel": {"reason": TEXT},
    "meetings:put_on_from_backlog": {"meeting_id": "{meeting_id}", "treatment_id": "{treatment_id}"},
    "meetings:create": {"day": "9.11.2022", "kind": "ordinary"},
    "meetings:move": {"direction": "down"},
}
"""What somebody types before sending, by route; ``{…}`` is a value of the scene."""


@dataclass(frozen=True)
class Filled:
    """A form as a browser sends it."""

    route: str
    action: str
    fields: tuple[tuple[str, str], ...]
    files: Files | None = None
    texts: tuple[str, ...] = ()  # fields that take any text

    def ids(self) -> list[str]:
        """The fields that name something by its id or its key."""
        return [
            name
            for name, value in self.fields
            if name in FIELDS or name.endswith("_id") or _ID.fullmatch(value)
        ]

    def with_field(self, name: str, value: str) -> "Filled":
        """The form with another value in one field."""
        return replace(
            self, fields=tuple((each, value if each == name else old) for each, old in self.fields)
        )


def address(route: Route, scene: Scene) -> str:
    """The address of a route in a scene.

    :raise LookupError: for a value that nobody thought of, saying where to add it.
    """
    path = route.path.replace(":path}", "}")
    values = scene.values | ({"step": STEPS[route.name]} if route.name in STEPS else {})
    try:
        return path.format_map({name: quoted(value) for name, value in values.items()})
    except KeyError as unknown:
        raise LookupError(
            f"{route.method} {route.path} ({route.name}) needs {unknown}: give every scene a value of it in {HERE} "
            f"(or a step in STEPS of tests/support/filling.py)"
        ) from None


def form_for(forms: Mapping[tuple[str, str], Filled], route: Route, scene: Scene) -> Filled:
    """The form of this scene; else that of another one, or what somebody would type, at this one's address."""
    own = forms.get((route.name, scene.name))
    if own:
        return own
    other = next((form for (name, _), form in forms.items() if name == route.name), None)
    if other:
        return replace(other, action=address(route, scene))
    return Filled(route.name, address(route, scene), tuple(_typed(route, scene).items()))


def names_in(path: str) -> frozenset[str]:
    """The values that a path asks for."""
    return frozenset(name.partition(":")[0] for _, name, _, _ in Formatter().parse(path) if name)


def scenes_for(route: Route, world: World) -> list[Scene]:
    """The scenes in which a route can be asked for: all of them when it speaks of a case, else one for each forum."""
    asked = names_in(route.path)
    if asked & CASE_VALUES:
        return list(world.scenes.values())
    if asked & FORUM_VALUES or route.name in IN_THE_FORM:
        return [world.scenes[name] for name in ONE_FOR_EACH_FORUM]
    return [world.scenes["own shared"]]


def forms_of_all_pages(
    caller: Caller, register: Iterable[Route], world: World
) -> dict[tuple[str, str], Filled]:
    """Every form that the administrator is offered, by its route and scene, filled in so that it can be sent."""
    routes = list(register)
    found: dict[tuple[str, str], Filled] = {}
    for route in routes:
        if route.method == "GET":
            for scene in scenes_for(route, world):
                _collect(found, caller, routes, world, scene, address(route, scene))
    for scene in (world.scenes[name] for name in ONE_FOR_EACH_FORUM):
        for page in MORE_PAGES:
            _collect(found, caller, routes, world, scene, page.format_map(scene.values))
    stranger = world.scenes["own shared"]
    for name in ("account:login", "account:invitation"):
        page = next(route for route in routes if route.name == name and route.method == "GET")
        answer = caller.ask("GET", address(page, stranger))
        for form in forms_in(answer, routes, address(page, stranger), stranger):
            found.setdefault((form.route, stranger.name), form)
    return found


def _collect(
    found: dict[tuple[str, str], Filled],
    caller: Caller,
    routes: list[Route],
    world: World,
    scene: Scene,
    page: str,
) -> None:
    answer = caller.ask("GET", page, token=world.tokens[Who.ADMINISTRATOR])
    if answer.status == 200 and (answer.header("content-type") or "").startswith("text/html"):
        for form in forms_in(answer, routes, page, scene):
            wanted = next(route for route in routes if route.name == form.route and route.method == "POST")
            if form.action.partition("?")[0] == address(wanted, scene) or wanted.name in IN_THE_FORM:
                found.setdefault((form.route, scene.name), form)


def forms_in(answer: Answer, routes: Iterable[Route], page: str, scene: Scene) -> Iterator[Filled]:
    """The forms of a page that are sent by POST, each with the route that it goes to."""
    posts = [route for route in routes if route.method == "POST"]
    for form in lxml.html.fromstring(answer.body.decode()).forms:
        if (form.get("method") or "get").lower() != "post":
            continue
        action = form.get("action") or page
        route = route_of(posts, action)
        fields = [(name, value or _first_choice(form, name)) for name, value in form.form_values()]
        button = next(iter(form.xpath(".//button[@name and not(@type='button')]")), None)
        if button is not None:
            fields.append((button.get("name"), button.get("value") or ""))
        typed = _typed(route, scene)
        sent = [(name, typed.get(name, value)) for name, value in fields]
        sent += [(name, value) for name, value in typed.items() if name not in {each for each, _ in fields}]
        has_file = bool(form.xpath(".//input[@type='file']"))
        yield Filled(
            route.name,
            action,
            tuple(sent),
            FILES.get(route.name, FILE) if has_file else None,
            tuple(form.xpath(".//textarea/@name | .//input[not(@type) or @type='text']/@name")),
        )


def _typed(route: Route, scene: Scene) -> dict[str, str]:
    return {
        name: scene.values[value[1:-1]] if value.startswith("{") else value
        for name, value in TYPED.get(route.name, {}).items()
    }


def _first_choice(form: Any, name: str) -> str:
    """The first choice of a list that nothing was chosen from."""
    offered = form.xpath(f".//select[@name='{name}']/option/@value")
    return next((str(value) for value in offered if value), "")


_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def route_of(routes: Iterable[Route], action: str) -> Route:
    """The route that an address belongs to.

    :raise LookupError: when no route answers there.
    """
    path = action.partition("?")[0]
    candidates = [route for route in routes if _pattern(route.path).fullmatch(path)]
    if not candidates:
        raise LookupError(f"a form goes to {action}, where nothing answers")
    return min(candidates, key=lambda route: route.path.count("{"))


def _pattern(path: str) -> re.Pattern[str]:
    whole = re.sub(r"\\{[a-z_]+:path\\}", ".+", re.escape(path))
    return re.compile(re.sub(r"\\{[a-z_]+\\}", "[^/]+", whole))
