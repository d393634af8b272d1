"""What was open a moment ago is shut from the next request on: page, fragment, download, export, head, part of a file."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID
from zlib import crc32

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.cases.models import Attachment, Treatment
from app.forums.models import Membership
from app.identity.models import UserAccount, UserSession
from app.platform.clock import today, utc_now
from app.web.shared.pages import Route
from app.web.shared.visit import PUBLIC
from tests.access.test_every_route_by_role import fault_of
from tests.support.calling import Answer
from tests.support.expecting import Expected, expected
from tests.support.filling import address, scenes_for
from tests.support.stage import Stage
from tests.support.world import Reading, Scene, Who, World

WAYS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "page": ("GET", ()),
    "head": ("HEAD", ()),
    "fragment": ("GET", (("hx-request", "true"), ("hx-target", "main"))),
    "part": ("GET", (("range", "bytes=0-3"),)),
    "again": ("GET", (("if-none-match", "*"), ("if-modified-since", "Fri, 27 Nov 2099 10:00:00 GMT"))),
}
"""The ways in which something seen before is asked for again; what the answer said of itself is sent along."""


def _end_roles(db: Session, world: World, who: Who) -> None:
    yesterday = today() - timedelta(days=1)
    db.execute(update(Membership).where(Membership.person_id == world.people[who]).values(valid_to=yesterday))


def _stop_user(db: Session, world: World, who: Who) -> None:
    db.execute(update(UserAccount).where(UserAccount.id == world.users[who]).values(is_active=False))


def _end_session(db: Session, world: World, who: Who) -> None:
    db.execute(
        update(UserSession).where(UserSession.user_id == world.users[who]).values(revoked_at=utc_now())
    )


def _withdraw_releases(db: Session, world: World, _who: Who) -> None:
    db.execute(update(Treatment).values(released_at=None, released_by=None, embargo_until=None))


def _make_exempt(db: Session, world: World, _who: Who) -> None:
    decided = UUID(world.scenes["own exempt"].values["exemption_id"])
    db.execute(update(Attachment).where(Attachment.exemption_id.is_(None)).values(exemption_id=decided))


def _make_private(db: Session, world: World, _who: Who) -> None:
    _withdraw_releases(db, world, _who)
    db.execute(update(Treatment).values(shared_at=None))


@dataclass(frozen=True)
class Change:
    """Something that takes rights away, for whom, and whom (or what) they and it are like afterwards."""

    name: str
    who: Who
    do: Callable[[Session, World, Who], None]
    then_like: Who
    reading: Reading | None = None
    is_exempt: bool = False


CHANGES = (
    Change("the role has ended", Who.SECRETARY, _end_roles, Who.FORMER),
    Change("the account is stopped", Who.SECRETARY, _stop_user, Who.STRANGER),
    Change("the device is logged out", Who.ADMINISTRATOR, _end_session, Who.STRANGER),
    Change("the release is withdrawn", Who.NOBODY, _withdraw_releases, Who.NOBODY, Reading.SHARED),
    Change("the attachment is exempt", Who.OBSERVER, _make_exempt, Who.OBSERVER, is_exempt=True),
    Change("the case is private again", Who.OBSERVER, _make_private, Who.OBSERVER, Reading.DRAFT),
)


def _links(stage: Stage, who: Who) -> list[tuple[Route, Scene, Answer]]:
    """Everything that opens for them now, with the answer."""
    found = []
    for route in stage.register:
        if route.method != "GET" or route.access == PUBLIC:
            continue
        for scene in scenes_for(route, stage.world):
            answer = stage.caller.ask("GET", address(route, scene), token=stage.world.tokens[who])
            if answer.status == 200:
                found.append((route, scene, answer))
    stage.database.take_back()
    return found


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_every_earlier_link_is_shut_from_the_next_request_on(stage: Stage, change: Change) -> None:
    links = _links(stage, change.who)
    with stage.database.writing() as db:
        change.do(db, stage.world, change.who)
    faults, shut = [], 0
    for route, scene, seen in links:
        now = replace(
            scene,
            reading=change.reading or scene.reading,
            is_exempt=scene.is_exempt or change.is_exempt,
        )
        wanted = expected(route, change.then_like, now, stage.world)
        if wanted in {Expected.ADMITTED, Expected.OPEN}:
            continue
        marks = [("if-none-match", tag)] if (tag := seen.header("etag")) else []
        for way, (method, headers) in WAYS.items():
            if (crc32(f"{route.path} {scene.name} {way}".encode()) % 2 == 0) == stage.database.is_sqlite:
                continue  # each request on one of the two databases
            shut += 1
            token = stage.world.tokens[change.who]
            answer = stage.caller.ask(method, address(route, scene), token=token, headers=[*headers, *marks])
            fault = fault_of(answer, wanted, answer)
            if fault:
                faults.append(f"{route.path} ({way}) in {scene.name} when {change.name}: {fault}")
    stage.database.take_back()
    print(f"{change.name}: {shut} requests for {len(links)} earlier links, still open {len(faults)}")
    assert shut >= 10
    assert faults == [], "\n".join(faults[:40])
