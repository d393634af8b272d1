"""The macros that every page is made of: what they promise to people who listen instead of look, and to a hostile text."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.web.shared.templating import key_field

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "app" / "web" / "static"
NASTY = '"><script>x</script>'


@dataclass
class Bound:
    values: dict[str, str] = field(default_factory=dict)
    errors: list[tuple[str | None, str]] = field(default_factory=list)

    def called(self, name: str, label: str) -> str:
        return ""

    def raw(self, name: str) -> str:
        return self.values.get(name, "")

    def error(self, name: str) -> str | None:
        return next((message for where, message in self.errors if where == name), None)


@dataclass
class Link:
    label: str
    href: str
    current: bool = False


@dataclass
class Actor:
    name: str
    is_administrator: bool = False
    user_id: None = None


@pytest.fixture
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        static=lambda path: f"/static/{path}", url=lambda name, **_: f"/{name}", key_field=key_field
    )
    return made


def show(environment: Environment, component: str, names: str, body: str, **context: object) -> str:
    source = f'{{% from "components/{component}.html" import {names} %}}{body}'
    return environment.from_string(source).render(**context)


def page(environment: Environment, **context: object) -> str:
    given: dict[str, object] = {
        "language": "nb",
        "color_scheme": "auto",
        "actor": None,
        "nav_items": [],
        "flashes": [],
    }
    source = (
        '{% extends "layout/base.html" %}{% block title %}T{% endblock %}{% block content %}C{% endblock %}'
    )
    return environment.from_string(source).render(**(given | context))


def tag_of(html: str, pattern: str) -> str:
    found = re.search(pattern, html)
    assert found, html
    return found.group(0)


@pytest.mark.parametrize(
    "kind", ["text", "textarea", "date", "time", "number", "email", "password", "file", "checkbox"]
)
def test_a_field_says_its_label_hint_and_error(environment: Environment, kind: str) -> None:
    bound = Bound({"a": "v"}, [("a", "Wrong")])
    body = '{{ form_field(bound, "a", "Label", kind=kind, hint="Hint", required=true) }}'
    html = show(environment, "field", "form_field", body, bound=bound, kind=kind)
    control = tag_of(html, r"<(input|textarea)[^>]*>")
    assert 'id="a"' in control
    assert 'aria-describedby="a-hint a-error"' in control
    assert 'aria-invalid="true"' in control
    assert 'aria-required="true"' in control
    assert '<label class="ds-label" for="a">Label' in html
    assert 'id="a-hint">Hint' in html
    assert 'id="a-error"' in html


def test_a_field_without_hint_and_error_claims_neither(environment: Environment) -> None:
    html = show(environment, "field", "text", '{{ text("a", "Label") }}')
    assert "aria-describedby" not in html
    assert "aria-invalid" not in html


def test_a_password_is_never_written_back(environment: Environment) -> None:
    html = show(
        environment,
        "field",
        "form_field",
        '{{ form_field(bound, "p", "P", kind="password") }}',
        bound=Bound({"p": "secret"}),
    )
    assert "secret" not in html


def test_what_was_typed_comes_back_escaped(environment: Environment) -> None:
    bound = Bound({"a": NASTY}, [("a", NASTY)])
    body = (
        '{{ form_field(bound, "a", bad) }}{{ form_field(bound, "a", bad, kind="textarea") }}'
        '{{ form_field(bound, "a", bad, kind="select", options=[(bad, bad)]) }}'
        '{{ form_field(bound, "a", bad, kind="radios", options=[(bad, bad, bad)]) }}'
    )
    html = show(environment, "field", "form_field", body, bound=bound, bad=NASTY)
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") > 8


def test_a_text_area_keeps_a_first_empty_line(environment: Environment) -> None:
    html = show(environment, "field", "textarea", '{{ textarea("a", "A", value="\\nx") }}')
    assert ">\n\nx</textarea>" in html


def test_choices_mark_the_chosen_one_and_lead_the_summary_to_the_first(environment: Environment) -> None:
    bound = Bound({"k": "2"}, [("k", "Choose")])
    body = '{{ form_field(bound, "k", "Kind", kind="radios", options=[("1", "One"), (2, "Two", "More")]) }}'
    html = show(environment, "field", "form_field", body, bound=bound)
    assert 'aria-describedby="k-error"' in tag_of(html, r"<fieldset[^>]*>")
    assert 'id="k" name="k" value="1"' in html
    second = tag_of(html, r'<input[^>]*id="k-2"[^>]*>')
    assert " checked" in second
    assert 'aria-describedby="k-2-more"' in second
    assert html.count(" checked") == 1


def test_a_select_chooses_inside_groups_too(environment: Environment) -> None:
    body = '{{ select("f", "F", options=[("", "None"), ("Group", [(1, "One"), (2, "Two")])], value=2) }}'
    html = show(environment, "field", "select", body)
    assert '<optgroup label="Group">' in html
    assert html.count("selected") == 1
    assert '<option value="2" selected>' in html


def test_an_unknown_kind_of_field_is_an_error(environment: Environment) -> None:
    with pytest.raises(Exception, match="form_field knows no kind tetx"):
        show(
            environment,
            "field",
            "form_field",
            '{{ form_field(bound, "a", "A", kind="tetx") }}',
            bound=Bound(),
        )


def test_the_summary_links_to_fields_and_can_take_the_focus(environment: Environment) -> None:
    bound = Bound(errors=[("title", "Write a title"), (None, "Changed by others")])
    html = show(
        environment,
        "form",
        "form",
        '{% call form("/save", bound=bound, version=7, fields={"k": bad}, guard=true) %}x{% endcall %}',
        bound=bound,
        bad=NASTY,
    )
    summary = tag_of(html, r"<div[^>]*error-summary[^>]*>")
    assert 'role="alert"' in summary
    assert 'tabindex="-1"' in summary
    assert '<a class="ds-link" href="#title">Write a title</a>' in html
    assert "<li>Changed by others</li>" in html
    assert 'method="post" action="/save"' in html
    assert '<input type="hidden" name="version" value="7">' in html
    assert "<script>" not in html


def test_a_form_without_errors_has_no_summary(environment: Environment) -> None:
    html = show(
        environment, "form", "form", '{% call form("/save", bound=bound) %}x{% endcall %}', bound=Bound()
    )
    assert "error-summary" not in html
    assert 'name="version"' not in html


def test_an_action_that_is_not_open_cannot_be_sent_and_says_why(environment: Environment) -> None:
    html = show(environment, "button", "post_button", '{{ post_button("Send", "/s", reason="No decision") }}')
    button = tag_of(html, r"<button[^>]*>")
    assert 'type="button"' in button
    assert 'aria-disabled="true"' in button
    assert "(No decision)" in html


def test_a_post_button_is_a_form_of_its_own(environment: Environment) -> None:
    body = '{{ post_button("Up", "/up", fields={"version": 3}, attrs={"aria-label": "Move up"}) }}'
    html = show(environment, "button", "post_button", body)
    assert '<form method="post" action="/up"' in html
    assert '<input type="hidden" name="version" value="3">' in html
    assert 'aria-label="Move up"' in html
    assert 'type="submit"' in html


def test_a_table_scrolls_in_a_named_region(environment: Environment) -> None:
    html = show(
        environment, "table", "table", "{% call table(name) %}<tbody></tbody>{% endcall %}", name=NASTY
    )
    region = tag_of(html, r"<div[^>]*table-scroll[^\n]*>")
    assert 'role="region"' in region
    assert 'tabindex="0"' in region
    assert "<caption>" in html
    assert "<script>" not in html


def test_a_state_is_said_in_words_and_the_forum_may_say_it_differently(environment: Environment) -> None:
    assert ">Postponed<" in show(environment, "tag", "status", '{{ status("postponed") }}')
    own = show(environment, "tag", "status", '{{ status("postponed", "Utsatt") }}')
    assert ">Utsatt<" in own
    assert 'data-color="warning"' in own
    assert ">Half way<" in show(environment, "tag", "status", '{{ status("half_way") }}')


def test_a_missing_fact_is_shown_as_missing(environment: Environment) -> None:
    html = show(
        environment,
        "facts",
        "facts, fact_list, fact",
        '{{ facts([("A", none), ("B", []), ("C", ["x", "y"]), ("D", 0)]) }}'
        '{% call fact_list() %}{% call fact("E") %}  {% endcall %}{% endcall %}',
    )
    assert html.count("Not given") == 3
    assert "<dd>x</dd><dd>y</dd>" in html
    assert "<dd>0</dd>" in html


def test_history_says_what_was_and_what_is(environment: Environment) -> None:
    events = [
        {
            "at": None,
            "shown": "13.6.2019",
            "who": None,
            "text": NASTY,
            "changes": [("Title", "Old", "New"), ("Due", None, "1.8.2019")],
        },
        {"at": "2019-06-13T09:05:00Z", "shown": "x", "who": "Kari", "text": "t"},
    ]
    html = show(environment, "timeline", "timeline", "{{ timeline(events) }}", events=events)
    assert "The system" in html
    assert html.count("<del>") == 1
    assert html.count("<ins>") == 2
    assert '<time datetime="2019-06-13T09:05:00Z">' in html
    assert "<script>" not in html


def test_tabs_and_steps_say_where_one_is(environment: Environment) -> None:
    tabs = show(
        environment, "tabs", "tabs", '{{ tabs([("A", "/a"), ("B", "/b", 2)], current="/b", label="Parts") }}'
    )
    assert tabs.count("aria-current") == 1
    assert '<a href="/b" aria-current="page">B' in tabs
    steps = show(
        environment, "page", "steps", '{{ steps([("a", "A"), ("b", "B"), ("c", "C")], "b", "Where") }}'
    )
    assert 'class="step-done"' in steps
    assert 'class="step-here" aria-current="step">B' in steps
    assert 'class="step-ahead"' in steps


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 1, []),
        (1, 3, ["1", "2", "3"]),
        (5, 9, ["1", "4", "5", "6", "9"]),
        (9, 9, ["1", "8", "9"]),
    ],
)
def test_pagination_shows_the_ends_and_the_neighbours(
    environment: Environment, page: int, pages: int, numbers: list[str]
) -> None:
    html = show(
        environment,
        "pagination",
        "pagination",
        '{{ pagination(page, pages, "/c?page=") }}',
        page=page,
        pages=pages,
    )
    assert re.findall(r'aria-label="Page (\d+)"', html) == numbers
    assert ('rel="prev"' in html) == (page > 1)
    assert ('rel="next"' in html) == (page < pages)


def test_a_confirmation_posts_and_can_be_left(environment: Environment) -> None:
    html = show(
        environment,
        "confirm",
        "confirm",
        '{% call confirm("Withdraw?", "/w", "Withdraw", "/back", consequences=["Leaves the agenda"]) %}'
        "reason{% endcall %}",
    )
    assert 'method="post" action="/w"' in html
    assert 'href="/back"' in html
    assert "Leaves the agenda" in html
    assert "reason" in html


def test_the_text_editor_is_a_plain_field_until_scripts_wake_it(environment: Environment) -> None:
    html = show(
        environment,
        "toolbar",
        "richtext",
        '{{ richtext("b", "Background", value=bad, error="Wrong", preview_url="/p") }}',
        bad=NASTY,
    )
    assert " hidden>" in tag_of(html, r'<div class="editor-tools"[^>]*>')
    area = tag_of(html, r"<textarea[^>]*>")
    assert 'aria-describedby="b-error"' in area
    assert 'data-preview-url="/p"' in area
    assert 'aria-live="off"' in html
    assert "<script>" not in html
    commands = set(re.findall(r'data-command="(\w+)"', html))
    script = (STATIC / "js" / "editor.js").read_text(encoding="utf-8")
    table = script[script.index("const COMMANDS") :]
    assert all(re.search(rf"^    {command}[:,]", table, re.MULTILINE) for command in commands)


def test_the_frame_marks_the_current_page_and_comes_after_the_skip_link(environment: Environment) -> None:
    html = page(
        environment,
        actor=Actor("Kari <b>"),
        nav_items=[Link("Forums", "/f"), Link("Cases", "/c", current=True)],
        flashes=[("success", NASTY)],
    )
    assert html.index('href="#main"') < html.index("site-header")
    assert '<a href="/c" aria-current="page">Cases</a>' in html
    assert html.count("aria-current") == 1
    assert '<main id="main"' in html
    assert "Kari &lt;b&gt;" in html
    assert "<script>x" not in html
    assert '<form method="post" action="/account:logout"' in html
    assert '<html lang="nb" data-color-scheme="auto"' in html


def test_a_stranger_is_offered_to_log_in(environment: Environment) -> None:
    html = page(environment)
    assert "/account:login" in html
    assert "/account:logout" not in html


def test_a_plain_page_stands_without_actor_navigation_and_messages(environment: Environment) -> None:
    source = (
        '{% extends "layout/plain.html" %}{% block title %}T{% endblock %}{% block content %}C{% endblock %}'
    )
    html = environment.from_string(source).render(language="en", color_scheme="dark")
    assert 'data-color-scheme="dark"' in html
    assert "<nav" not in html


def test_everything_the_frame_links_to_is_shipped(environment: Environment) -> None:
    linked = set(re.findall(r'"/static/([^"]+)"', page(environment)))
    assert len(linked) > 10
    assert [name for name in linked if not (STATIC / name).is_file()] == []
    for sheet in (STATIC / "css").glob("*.css"):
        for address in re.findall(r'url\("([^"]+)"\)', sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / address).is_file(), address


def test_no_template_holds_inline_script_or_style() -> None:
    """The content security policy would refuse them; htmx attributes that need eval likewise."""
    for template in [*(TEMPLATES / "layout").iterdir(), *(TEMPLATES / "components").iterdir()]:
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|hx-on", text), template.name
