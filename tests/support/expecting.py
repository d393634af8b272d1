"""What every route must answer, from the permission table and the rule of reading alone. No code of the pages is asked."""

from enum import IntEnum, StrEnum

from app.access.matrix import INSTALLATION, MATRIX
from app.access.permissions import Permission
from app.access.roles import Role
from app.web.shared.pages import Route
from app.web.shared.visit import PUBLIC, SIGNED_IN
from tests.support.filling import CASE_VALUES, FORUM_VALUES, IN_THE_FORM, names_in
from tests.support.world import Reading, Scene, Who, World

ITS_OWNER_ONLY = {"account:end_session": Who.ADMINISTRATOR, "writing:keep": Who.ADMINISTRATOR}
"""Routes for one's own things; in the world they are this one's."""

READING = frozenset({Permission.CASE_READ, Permission.CASE_READ_RELEASED})
"""The accesses of pages that are there for whoever may read the case at all, if only its public part."""


class Sight(IntEnum):
    """How much of a treatment there is for somebody."""

    NOTHING = 0
    PUBLIC = 1
    WHOLE = 2


class Expected(StrEnum):
    """The kinds of answer."""

    OPEN = "open"  # whatever it is, it is the same for everybody
    SIGN_IN = "sign in"  # 303 to the log-in page
    HIDDEN = "hidden"  # 404, as for what is not there
    NOT_THEIRS = "not theirs"  # refused, in whatever way
    REFUSED = "refused"  # it may be seen, but not this: 403, or 404
    ADMITTED = "admitted"  # what the administrator gets


def held_in(world: World, who: Who, forum: str) -> frozenset[Permission]:
    """The permissions of somebody in a forum."""
    if who is Who.ADMINISTRATOR:
        return MATRIX[Role.ADMINISTRATOR]
    return frozenset().union(*(MATRIX[role] for role in world.roles[who].get(forum, ())))


def held_anywhere(world: World, who: Who) -> frozenset[Permission]:
    """The permissions in the installation: a role in any forum gives them."""
    everywhere = [held_in(world, who, forum) for forum in world.forums]
    return MATRIX[Role.SIGNED_IN].union(*everywhere) & INSTALLATION


def sight(held: frozenset[Permission], scene: Scene) -> Sight:
    """What somebody who is signed in, with these permissions in its forum, sees of the scene's treatment."""
    if Permission.CASE_READ_DRAFT in held:
        return Sight.WHOLE
    if scene.reading is not Reading.DRAFT and Permission.CASE_READ in held:
        return Sight.WHOLE if Permission.CASE_READ_EXEMPT in held else Sight.PUBLIC
    return Sight.PUBLIC if scene.reading is Reading.OPEN else Sight.NOTHING


def expected(route: Route, who: Who, scene: Scene, world: World) -> Expected:
    """The one statement of what is right."""
    if route.access == PUBLIC:
        return Expected.OPEN
    if who is Who.STRANGER:
        return Expected.SIGN_IN
    if route.name in ITS_OWNER_ONLY:
        return Expected.ADMITTED if who is ITS_OWNER_ONLY[route.name] else Expected.NOT_THEIRS
    if route.access == SIGNED_IN:
        return Expected.ADMITTED
    asked = names_in(route.path)
    held = held_in(world, who, scene.forum)
    if asked & CASE_VALUES and "meeting_id" not in asked:  # else it is the meeting that is looked for first
        return _of_a_case(route, held, scene)
    if route.access in INSTALLATION:
        return Expected.ADMITTED if route.access in held_anywhere(world, who) else Expected.HIDDEN
    if not asked & (CASE_VALUES | FORUM_VALUES) and route.name not in IN_THE_FORM:
        return Expected.ADMITTED  # a list: what stands in it is decided line by line
    if Permission.FORUM_READ not in held:
        return Expected.HIDDEN
    return Expected.ADMITTED if route.access in held else Expected.REFUSED


def _of_a_case(route: Route, held: frozenset[Permission], scene: Scene) -> Expected:
    seen = sight(held, scene)
    if seen is Sight.NOTHING:
        return Expected.HIDDEN
    if route.access in READING:
        is_withheld = scene.is_exempt and "attachment_id" in names_in(route.path)
        return Expected.HIDDEN if is_withheld and seen is Sight.PUBLIC else Expected.ADMITTED
    return Expected.ADMITTED if route.access in held else Expected.REFUSED
