"""A fault at every statement of the ten commonest commands: all or nothing, and the same command goes through afterwards."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import update

from app.forums.models import Forum
from app.platform.db import Database
from tests.factories.users import PASSWORD
from tests.support.breaking import Broken, breaking, gone
from tests.support.calling import Answer
from tests.support.filling import Filled, form_for
from tests.support.stage import Stage
from tests.support.taking_back import fingerprint, stored_files
from tests.support.world import Who


@dataclass(frozen=True)
class Command:
    """One command: by which route, in which scene of the world, and what is typed over what the page offers."""

    name: str
    route: str
    scene: str = "own draft"
    typed: tuple[tuple[str, str], ...] = ()
    step: str = ""
    who: Who = Who.SECRETARY


COMMANDS = (
    Command(
        "log in",
        "account:sign_in",
        "own shared",
        (("email", "kept@example.no"), ("password", PASSWORD)),
        who=Who.STRANGER,
    ),
    Command("create a case", "cases:create", "own shared"),
    Command("edit the head", "cases:save_head", typed=(("title", "En annen tittel"),)),
    Command("save a part", "cases:save_part", typed=(("body", "Ny tekst med **mer** i."),)),
    Command("attach a file", "cases:attach"),
    Command("share", "cases:share"),
    Command("mark as ready", "cases:step", step="make_ready"),
    Command("put on an agenda", "cases:put_on_agenda"),
    Command("take a step", "cases:step", "own scheduled", step="postpone"),
    Command("import a paper", "cases:confirm_import", "own shared"),
)


def _form(stage: Stage, command: Command) -> Filled:
    route = next(each for each in stage.register if each.name == command.route and each.method == "POST")
    form = form_for(stage.forms, route, stage.world.scenes[command.scene])
    if command.step:
        version = dict(form.fields)["version"]
        address = form.action.rpartition("/")[0] + f"/{command.step}"
        form = Filled(form.route, address, (("version", version),))
    for name, value in command.typed:
        form = form.with_field(name, value)
    return form


def _send(stage: Stage, form: Filled, command: Command) -> Answer:
    return stage.caller.send(
        form.action, form.fields, token=stage.world.tokens[command.who], files=form.files
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_fault_at_any_statement_leaves_nothing_half_done(stage: Stage, command: Command) -> None:
    stage.database.take_back()
    before = fingerprint(stage.database.connection)
    form = _form(stage, command)
    with breaking(stage.database, 0, Broken(), for_good=False) as statements:
        assert _send(stage, form, command).status in {200, 303}, command
    assert fingerprint(stage.database.connection) != before, "the command does nothing"
    stage.database.take_back()
    halves, faults = [], 0
    for number in range(1, len(statements) + 1):
        for fault, for_good in ((Broken(), False), (gone(), False), (gone(), True)):
            with breaking(stage.database, number, fault, for_good=for_good):
                answer = _send(stage, form, command)
            faults += 1
            if answer.status < 500:
                halves.append(f"statement {number} failed, and the answer was {answer.status}")
            if fingerprint(stage.database.connection) != before:
                halves.append(f"statement {number} failed, and left something: {statements[number - 1][:80]}")
            if any(name.startswith("tmp/") for name in stored_files(stage.folder)):
                halves.append(f"statement {number} failed, and left a temporary file")
            if for_good:
                stage.database.take_back()
                continue
            again = _send(stage, form, command)
            if again.status not in {200, 303}:
                halves.append(f"statement {number} failed, and afterwards the answer was {again.status}")
            stage.database.take_back()
    print(f"{command.name}: {faults} faults at {len(statements)} statements, half done {len(halves)}")
    assert halves == [], "\n".join(halves)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_commit_that_fails_leaves_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, command: Command
) -> None:
    """On the application's own transactions, each of its commits in turn."""
    stage.database.take_back()
    form = _form(stage, command)
    before = fingerprint(stage.database.connection)
    kept, commits = stage.app.state.database, 0
    stage.database.dispose()
    plain = Database(stage.database.engine.url.render_as_string(hide_password=False))
    commit = plain.engine.dialect.do_commit
    try:
        # Logging in writes down the try first, and that it succeeded in another transaction.
        for number in (1, 2) if command.who is Who.STRANGER else (1,):
            seen = [0]

            def refuse(connection: Any, number: int = number, seen: list[int] = seen) -> None:
                seen[0] += 1
                if seen[0] == number:
                    raise plain.engine.dialect.loaded_dbapi.OperationalError("the disk is full")
                commit(connection)

            stage.app.state.database = plain
            with monkeypatch.context() as patch:
                patch.setattr(plain.engine.dialect, "do_commit", refuse)
                answer = _send(stage, form, command)
            commits += seen[0] >= number
            assert answer.status >= 500, (command, number, answer.status)
            with plain.engine.connect() as connection:
                assert fingerprint(connection) == before, (command, number)
    finally:
        plain.dispose()
        kept.begin_again()
        stage.app.state.database = kept
    print(f"{command.name}: {commits} commits refused, half done 0")
    assert commits


@pytest.mark.parametrize("broken", ["fsync", "fdopen", "replace"])
def test_a_file_that_cannot_be_stored_leaves_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    from app.platform import storage

    def full(*_values: Any) -> Any:
        raise OSError(28, "No space left on device")

    command = next(each for each in COMMANDS if each.route == "cases:attach")
    form = _form(stage, command)
    before, files = fingerprint(stage.database.connection), stored_files(stage.folder)
    with monkeypatch.context() as patch:
        patch.setattr(storage.Path if broken == "replace" else storage.os, broken, full)
        assert _send(stage, form, command).status == 503
    assert fingerprint(stage.database.connection) == before
    assert stored_files(stage.folder) == files
    assert _send(stage, form, command).status == 303
    stage.database.take_back()


def test_two_transactions_where_one_belongs_are_seen(stage: Stage) -> None:
    """The twin: a command that commits in the middle leaves a half, and the fingerprint tells."""
    before = fingerprint(stage.database.connection)

    def command_in_two_halves() -> None:
        for name in ("first", "second"):
            with stage.database.writing() as db:
                db.execute(update(Forum).where(Forum.key == "own").values(name=name))

    with breaking(stage.database, 2, Broken(), for_good=False), pytest.raises(Broken):
        command_in_two_halves()
    assert fingerprint(stage.database.connection) != before
    stage.database.take_back()
