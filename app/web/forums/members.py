"""``/forums/{key}/members``: who sat where on any day, and the terms of the people."""

from datetime import date
from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.access.roles import Role
from app.directory.queries import person_options
from app.forums.models import Forum
from app.forums.queries import PersonInSeat, SeatLine, get_forum, members_on
from app.forums.service.seats import add_membership, end_membership, update_membership
from app.kernel.errors import Conflict, NotFound, RuleBroken
from app.web.forums.forms import EditMembershipForm, EndForm, MembershipForm
from app.web.forums.pages import (
    asked_day,
    for_change,
    frame,
    member_words,
    refused_under,
    seat_choices,
    seat_name,
)
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import message_of, refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit

pages = Pages()


@pages.get("/forums/{key}/members", name="forums:members", access=Permission.FORUM_READ)
def show(visit: CurrentVisit, key: str, day: str = "") -> Response:
    forum = get_forum(visit.db, visit.actor, key)
    shown_day, wrong = asked_day(day)
    seats = members_on(visit.db, forum.id, shown_day)
    context = {
        **frame(forum),
        **member_words(visit),
        "day": shown_day,
        "typed": day if wrong else shown_day.isoformat(),
        "error": message_of(visit.language, wrong, {}) if wrong else None,
        "seats": [(seat, seat_name(visit, seat)) for seat in seats if seat.seat_id is not None],
        "unseated": [person for seat in seats if seat.seat_id is None for person in seat.people],
        "may_seat": visit.actor.may(Permission.FORUM_SEAT, forum.id),
    }
    return page(visit, "forums/members.html", context, status=422 if wrong else 200)


@pages.get("/forums/{key}/members/new", name="forums:new_member", access=Permission.FORUM_SEAT)
def new(visit: CurrentVisit, key: str, day: str = "", seat: str = "") -> Response:
    forum = for_change(visit, key, Permission.FORUM_SEAT)
    shown_day, _wrong = asked_day(day)
    role = Role.MEMBER if seat else ""
    bound = filled(MembershipForm, seat_id=seat, role=role, valid_from=shown_day)
    return _new_page(visit, forum, shown_day, bound)


@pages.post("/forums/{key}/members", name="forums:add_member", access=Permission.FORUM_SEAT)
def add(visit: CurrentVisit, key: str, form: FormBody, day: str = "") -> Response:
    forum = for_change(visit, key, Permission.FORUM_SEAT)
    shown_day, _wrong = asked_day(day)
    bound = bind(MembershipForm, form)
    if bound.errors:
        return _new_page(visit, forum, shown_day, bound, status=422)
    try:
        added = add_membership(visit.db, visit.actor, forum.id, **bound.value.model_dump())
    except RuleBroken as broken:
        return _new_page(visit, forum, shown_day, refused(bound, broken), status=422)
    return redirect(visit, "forums:members", key=key, day=max(shown_day, added.valid_from), flash="saved")


@pages.get("/forums/{key}/members/{membership_id}", name="forums:edit_member", access=Permission.FORUM_SEAT)
def edit(visit: CurrentVisit, key: str, membership_id: UUID, day: str = "") -> Response:
    forum = for_change(visit, key, Permission.FORUM_SEAT)
    shown_day, _wrong = asked_day(day)
    person, seat = _member(visit, forum, membership_id, shown_day)
    bound = filled(
        EditMembershipForm,
        version=person.version,
        role=person.role,
        seat_id=seat.seat_id,
        valid_from=person.valid_from,
        valid_to=person.valid_to,
    )
    return _edit_page(visit, forum, shown_day, membership_id, bound)


@pages.post(
    "/forums/{key}/members/{membership_id}", name="forums:update_member", access=Permission.FORUM_SEAT
)
def update(visit: CurrentVisit, key: str, membership_id: UUID, form: FormBody, day: str = "") -> Response:
    forum = for_change(visit, key, Permission.FORUM_SEAT)
    shown_day, _wrong = asked_day(day)
    _member(visit, forum, membership_id, shown_day)
    bound = bind(EditMembershipForm, form)
    if bound.errors:
        return _edit_page(visit, forum, shown_day, membership_id, bound, status=422)
    try:
        update_membership(visit.db, visit.actor, membership_id, **bound.value.model_dump())
    except RuleBroken as broken:
        return _edit_page(visit, forum, shown_day, membership_id, refused(bound, broken), status=422)
    except Conflict:
        return _edit_page(visit, forum, shown_day, membership_id, bound, status=409)
    return redirect(visit, "forums:members", key=key, day=shown_day, flash="saved")


@pages.get(
    "/forums/{key}/members/{membership_id}/end", name="forums:ask_end_member", access=Permission.FORUM_SEAT
)
def ask_end(visit: CurrentVisit, key: str, membership_id: UUID, day: str = "") -> Response:
    forum = for_change(visit, key, Permission.FORUM_SEAT)
    shown_day, _wrong = asked_day(day)
    person, _seat = _member(visit, forum, membership_id, shown_day)
    bound = filled(EndForm, version=person.version, last_day=shown_day)
    return _end_page(visit, forum, shown_day, membership_id, bound)


@pages.post(
    "/forums/{key}/members/{membership_id}/end", name="forums:end_member", access=Permission.FORUM_SEAT
)
def end(visit: CurrentVisit, key: str, membership_id: UUID, form: FormBody, day: str = "") -> Response:
    forum = for_change(visit, key, Permission.FORUM_SEAT)
    shown_day, _wrong = asked_day(day)
    _member(visit, forum, membership_id, shown_day)
    bound = bind(EndForm, form)
    if bound.errors:
        return _end_page(visit, forum, shown_day, membership_id, bound, status=422)
    try:
        end_membership(visit.db, visit.actor, membership_id, **bound.value.model_dump())
    except RuleBroken as broken:
        return _end_page(
            visit,
            forum,
            shown_day,
            membership_id,
            refused_under(bound, broken, valid_to="last_day"),
            status=422,
        )
    except Conflict:
        bound = bound.with_errors(FieldError("", "changed_meanwhile"))
        return _end_page(visit, forum, shown_day, membership_id, bound, status=409)
    return redirect(visit, "forums:members", key=key, day=shown_day, flash="ended")


def _member(visit: Visit, forum: Forum, membership_id: UUID, day: date) -> tuple[PersonInSeat, SeatLine]:
    for seat in members_on(visit.db, forum.id, day):
        for person in seat.people:
            if person.membership_id == membership_id:
                return person, seat
    raise NotFound


def _new_page(
    visit: Visit, forum: Forum, day: date, bound: Bound[MembershipForm], status: int = 200
) -> Response:
    persons = [
        (str(each.id), f"{each.name} ({each.organisation})" if each.organisation else each.name)
        for each in person_options(visit.db)
    ]
    context = {
        **frame(forum),
        **member_words(visit),
        "day": day,
        "bound": bound,
        "persons": persons,
        "seats": seat_choices(visit, members_on(visit.db, forum.id, day)),
    }
    return page(visit, "forums/member_new.html", context, status=status)


def _edit_page(
    visit: Visit,
    forum: Forum,
    day: date,
    membership_id: UUID,
    bound: Bound[EditMembershipForm],
    status: int = 200,
) -> Response:
    person, seat = _member(visit, forum, membership_id, day)
    context = {
        **frame(forum),
        **member_words(visit),
        "day": day,
        "bound": bound,
        "person": person,
        "seat": seat_name(visit, seat),
        "seats": seat_choices(visit, members_on(visit.db, forum.id, day)),
        "is_conflict": status == 409,
    }
    return page(visit, "forums/member_edit.html", context, status=status)


def _end_page(
    visit: Visit, forum: Forum, day: date, membership_id: UUID, bound: Bound[EndForm], status: int = 200
) -> Response:
    person, seat = _member(visit, forum, membership_id, day)
    context = {
        **frame(forum),
        **member_words(visit),
        "day": day,
        "bound": bound,
        "person": person,
        "seat": seat_name(visit, seat),
    }
    return page(visit, "forums/member_end.html", context, status=status)
