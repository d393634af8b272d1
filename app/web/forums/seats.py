"""``/forums/{key}/seats``: the places in a forum."""

from datetime import date
from uuid import UUID

from fastapi import Response

from app.access.permissions import Permission
from app.forums.models import Forum
from app.forums.queries import SeatLine, members_on
from app.forums.service.seats import add_seat, end_seat, update_seat
from app.kernel.errors import Conflict, NotFound, RuleBroken
from app.web.forums.forms import EditSeatForm, EndForm, SeatForm
from app.web.forums.pages import (
    asked_day,
    for_change,
    frame,
    member_words,
    organisation_choices,
    refused_under,
    seat_name,
)
from app.web.shared.forms import Bound, FieldError, FormBody, bind, filled
from app.web.shared.pages import Pages
from app.web.shared.reasons import refused
from app.web.shared.templating import page, redirect
from app.web.shared.visit import CurrentVisit, Visit

pages = Pages()


@pages.get("/forums/{key}/seats/new", name="forums:new_seat", access=Permission.FORUM_SEAT)
def new(visit: CurrentVisit, key: str, day: str = "") -> Response:
    forum = for_change(visit, key, Permission.FORUM_SEAT)
    shown_day, _wrong = asked_day(day)
    return _new_page(visit, forum, shown_day, filled(SeatForm, valid_from=shown_day))


@pages.post("/forums/{key}/seats", name="forums:add_seat", access=Permission.FORUM_SEAT)
def add(visit: CurrentVisit, key: str, form: FormBody, day: str = "") -> Response:
    forum = for_change(visit, key, Permission.FORUM_SEAT)
    shown_day, _wrong = asked_day(day)
    bound = bind(SeatForm, form)
    if bound.errors:
        return _new_page(visit, forum, shown_day, bound, status=422)
    try:
        seat = add_seat(visit.db, visit.actor, forum.id, **bound.value.model_dump())
    except RuleBroken as broken:
        return _new_page(visit, forum, shown_day, refused(bound, broken), status=422)
    seen_from = max(shown_day, seat.valid_from or shown_day)
    return redirect(visit, "forums:members", key=key, day=seen_from, flash="saved")


@pages.get("/forums/{key}/seats/{seat_id}", name="forums:edit_seat", access=Permission.FORUM_SEAT)
def edit(visit: CurrentVisit, key: str, seat_id: UUID, day: str = "") -> Response:
    forum = for_change(visit, key, Permission.FORUM_SEAT)
    shown_day, _wrong = asked_day(day)
    seat = _seat(visit, forum, seat_id, shown_day)
    bound = filled(
        EditSeatForm,
        version=seat.version,
        organisation_id=seat.organisation_id,
        side=seat.side,
        appointed_by=seat.appointed_by,
        position=seat.position,
        valid_from=seat.valid_from,
        valid_to=seat.valid_to,
    )
    return _edit_page(visit, forum, shown_day, seat, bound)


@pages.post("/forums/{key}/seats/{seat_id}", name="forums:update_seat", access=Permission.FORUM_SEAT)
def update(visit: CurrentVisit, key: str, seat_id: UUID, form: FormBody, day: str = "") -> Response:
    forum = for_change(visit, key, Permission.FORUM_SEAT)
    shown_day, _wrong = asked_day(day)
    seat = _seat(visit, forum, seat_id, shown_day)
    bound = bind(EditSeatForm, form)
    if bound.errors:
        return _edit_page(visit, forum, shown_day, seat, bound, status=422)
    try:
        update_seat(visit.db, visit.actor, seat_id, **bound.value.model_dump())
    except RuleBroken as broken:
        return _edit_page(visit, forum, shown_day, seat, refused(bound, broken), status=422)
    except Conflict:
        stored = _seat(visit, forum, seat_id, shown_day)
        return _edit_page(visit, forum, shown_day, stored, bound, status=409)
    return redirect(visit, "forums:members", key=key, day=shown_day, flash="saved")


@pages.get("/forums/{key}/seats/{seat_id}/end", name="forums:ask_end_seat", access=Permission.FORUM_SEAT)
def ask_end(visit: CurrentVisit, key: str, seat_id: UUID, day: str = "") -> Response:
    forum = for_change(visit, key, Permission.FORUM_SEAT)
    shown_day, _wrong = asked_day(day)
    seat = _seat(visit, forum, seat_id, shown_day)
    return _end_page(visit, forum, shown_day, seat, filled(EndForm, version=seat.version, last_day=shown_day))


@pages.post("/forums/{key}/seats/{seat_id}/end", name="forums:end_seat", access=Permission.FORUM_SEAT)
def end(visit: CurrentVisit, key: str, seat_id: UUID, form: FormBody, day: str = "") -> Response:
    forum = for_change(visit, key, Permission.FORUM_SEAT)
    shown_day, _wrong = asked_day(day)
    seat = _seat(visit, forum, seat_id, shown_day)
    bound = bind(EndForm, form)
    if bound.errors:
        return _end_page(visit, forum, shown_day, seat, bound, status=422)
    try:
        end_seat(visit.db, visit.actor, seat_id, **bound.value.model_dump())
    except RuleBroken as broken:
        return _end_page(
            visit, forum, shown_day, seat, refused_under(bound, broken, valid_to="last_day"), status=422
        )
    except Conflict:
        bound = bound.with_errors(FieldError("", "changed_meanwhile"))
        stored = _seat(visit, forum, seat_id, shown_day)
        return _end_page(visit, forum, shown_day, stored, bound, status=409)
    return redirect(visit, "forums:members", key=key, day=shown_day, flash="ended")


def _seat(visit: Visit, forum: Forum, seat_id: UUID, day: date) -> SeatLine:
    for seat in members_on(visit.db, forum.id, day):
        if seat.seat_id == seat_id:
            return seat
    raise NotFound


def _new_page(visit: Visit, forum: Forum, day: date, bound: Bound[SeatForm], status: int = 200) -> Response:
    context = {
        **frame(forum),
        **member_words(visit),
        "day": day,
        "bound": bound,
        "organisations": organisation_choices(visit, day),
    }
    return page(visit, "forums/seat_new.html", context, status=status)


def _edit_page(
    visit: Visit, forum: Forum, day: date, seat: SeatLine, bound: Bound[EditSeatForm], status: int = 200
) -> Response:
    context = {
        **frame(forum),
        **member_words(visit),
        "day": day,
        "bound": bound,
        "seat": seat,
        "name": seat_name(visit, seat),
        "organisations": organisation_choices(visit, day),
        "is_conflict": status == 409,
    }
    return page(visit, "forums/seat_edit.html", context, status=status)


def _end_page(
    visit: Visit, forum: Forum, day: date, seat: SeatLine, bound: Bound[EndForm], status: int = 200
) -> Response:
    context = {**frame(forum), "day": day, "bound": bound, "seat": seat, "name": seat_name(visit, seat)}
    return page(visit, "forums/seat_end.html", context, status=status)
