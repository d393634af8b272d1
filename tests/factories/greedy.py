"""Functions that behave as a hostile file might make a reader behave; called in the process for that."""

import os
import signal


def tells(value: str) -> str:
    return value.upper()


def grows() -> int:
    return len(bytearray(2 << 30))


def never_ends() -> None:
    while True:
        pass


def dies() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fails() -> None:
    raise ZeroDivisionError


def chatters() -> str:
    print("{not json")
    return "x"


def knows() -> list[str]:
    return sorted(os.environ)
