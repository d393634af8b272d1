"""Whatever is sent to whichever form or address: an answer, and never a fault of ours.

The forms are those of the pages; further names of fields come from the models that check them. Addresses get wild values
and wild queries. The long variant sends many more, and other ones each time.
"""

import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.web.shared.forms import Form
from app.web.shared.pages import Route
from tests.support import wild
from tests.support.filling import Filled, address, form_for, names_in, scenes_for
from tests.support.stage import Stage, stage
from tests.support.world import Who

__all__ = ["stage"]

CALLERS = (Who.ADMINISTRATOR, Who.SECRETARY, Who.MEMBER, Who.STRANGER)
QUICK = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
THOROUGH = settings(max_examples=4000, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def _models(base: type[Form] = Form) -> Iterator[type[Form]]:
    for model in base.__subclasses__():
        yield model
        yield from _models(model)


def _known_names() -> list[str]:
    return sorted({name for model in _models() for name in model.model_fields})


def _forms(stage: Stage) -> list[Filled]:
    return [
        form_for(stage.forms, route, scene)
        for route in stage.register
        if route.method == "POST"
        for scene in scenes_for(route, stage.world)[:3]
    ]


@st.composite
def _changed(draw: st.DrawFn, form: Filled) -> Filled:
    """A form with some values made wild, some fields left out, doubled, or brought in from other forms."""
    fields = []
    touched = draw(st.sets(st.integers(0, max(0, len(form.fields) - 1)), max_size=4))
    for position, (name, value) in enumerate(form.fields):
        fate = draw(st.sampled_from(("wild", "leave out", "double"))) if position in touched else "keep"
        if fate != "leave out":
            fields.append((name, draw(wild.values) if fate == "wild" else value))
        if fate == "double":
            fields.append((name, draw(wild.values)))
    more = st.tuples(st.one_of(st.sampled_from(_known_names()), wild.names), wild.values)
    fields += draw(st.lists(more, max_size=2))
    files = form.files
    if draw(st.booleans()):
        files = {"file": (draw(wild.values), draw(st.binary(max_size=50)))}
    return Filled(form.route, form.action, tuple(fields), files)


def _fault(stage: Stage, ask: Callable[[], Any], seen: Counter[int]) -> None:
    answer = ask()
    seen[answer.status] += 1
    stage.database.take_back()
    assert answer.status < 500, answer.text[-400:]


def _send_forms(stage: Stage, how_many: settings) -> None:
    forms, seen = _forms(stage), Counter[int]()

    @how_many
    @given(st.data())
    def send(data: st.DataObject) -> None:
        form = data.draw(_changed(data.draw(st.sampled_from(forms))))
        token = stage.world.tokens[data.draw(st.sampled_from(CALLERS))]
        _fault(
            stage, lambda: stage.caller.send(form.action, form.fields, token=token, files=form.files), seen
        )

    send()
    _told("forms", seen)


def _send_bodies(stage: Stage, how_many: settings) -> None:
    places, seen = [form.action for form in _forms(stage)], Counter[int]()

    @how_many
    @given(st.sampled_from(places), wild.bodies, wild.content_types, st.sampled_from(CALLERS))
    def send(place: str, body: bytes, kind: str, who: Who) -> None:
        headers = [("content-type", kind)]
        token = stage.world.tokens[who]
        _fault(stage, lambda: stage.caller.ask("POST", place, token=token, body=body, headers=headers), seen)

    send()
    _told("bodies", seen)


def _queries(stage: Stage) -> dict[str, list[str]]:
    """The names of the queries that each path understands."""
    found: dict[str, list[str]] = {}
    for route in stage.app.routes:
        for each in getattr(
            route, "routes", getattr(getattr(route, "original_router", None), "routes", [route])
        ):
            if isinstance(each, APIRoute):
                found[each.path] = [
                    name for name in inspect.signature(each.endpoint).parameters if name != "visit"
                ]
    return found


def _open_addresses(stage: Stage, how_many: settings) -> None:
    understood, seen = _queries(stage), Counter[int]()
    gets = [route for route in stage.register if route.method == "GET"]
    scene = stage.world.scenes["own shared"]

    def place(route: Route, data: st.DataObject) -> str:
        path = address(route, scene)
        for name in sorted(names_in(route.path)):
            if data.draw(st.booleans()):
                path = path.replace(
                    quote(scene.values.get(name, "withdraw"), safe="/"),
                    quote(data.draw(wild.values)[:300], safe="", errors="surrogatepass"),
                )
        names = st.one_of(
            st.sampled_from([*understood.get(route.path, []), "next", "q", "page"]), st.text(max_size=5)
        )
        query = data.draw(st.lists(st.tuples(names, wild.values.map(lambda value: value[:2000])), max_size=3))
        return f"{path}?{urlencode(query, errors='surrogatepass')}"

    @how_many
    @given(st.data())
    def send(data: st.DataObject) -> None:
        where = place(data.draw(st.sampled_from(gets)), data)
        token = stage.world.tokens[data.draw(st.sampled_from(CALLERS))]
        _fault(stage, lambda: stage.caller.ask("GET", where, token=token), seen)

    send()
    _told("addresses", seen)


def _told(what: str, seen: Counter[int]) -> None:
    told = ", ".join(f"{count} of {status}" for status, count in sorted(seen.items()))
    print(f"wild {what}: {seen.total()} answers ({told}), 5xx 0")


WAYS = (_send_forms, _send_bodies, _open_addresses)


@pytest.mark.parametrize("way", WAYS)
def test_no_wild_request_is_a_fault_of_ours(stage: Stage, way: Callable[[Stage, settings], None]) -> None:
    way(stage, QUICK)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_no_wild_request_is_a_fault_of_ours_in_thousands(
    stage: Stage, way: Callable[[Stage, settings], None]
) -> None:
    way(stage, THOROUGH)
