"""The process in which files are read: however it ends, there is an answer, and it knows none of our secrets."""

import time

import pytest

from app.guard import confined as module
from app.guard.confined import confined
from app.kernel.errors import RuleBroken
from tests.factories import greedy


def test_the_answer_comes_back():
    assert confined(greedy.tells, "blåbær") == "BLÅBÆR"


@pytest.mark.parametrize("function", [greedy.grows, greedy.dies, greedy.fails, greedy.chatters])
def test_whatever_becomes_of_it_the_file_could_not_be_read(function):
    with pytest.raises(RuleBroken, match=r"file\.unreadable"):
        confined(function)


def test_it_does_not_go_on_for_ever():
    begun = time.monotonic()
    with pytest.raises(RuleBroken, match=r"file\.unreadable"):
        confined(greedy.never_ends, seconds=1.5)
    print(f"upload guard: a reader that never ends was stopped after {time.monotonic() - begun:.1f} s")


def test_it_knows_no_setting_of_ours(monkeypatch):
    monkeypatch.setenv("SAMSTYR_DATABASE_URL", "postgresql://user:secret@db/x")
    assert not [name for name in confined(greedy.knows) if name.startswith("SAMSTYR")]


def test_two_at_a_time_are_enough():
    assert module._AT_ONCE._initial_value == 2
