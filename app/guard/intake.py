"""The guard as those who take files in call it: on a file of the disk, in a process of its own."""

from pathlib import Path

from app.guard.confined import confined
from app.guard.examine import NOT_PARSED, Verdict, examine
from app.guard.limits import refusal


def guard(path: Path, extension: str, copy: Path, *, may_be_template: bool = False) -> Verdict:
    """Let pass a file whose content agrees with its extension and does no harm; ``examine`` says how.

    :raise RuleBroken: with one of the guard's codes, or ``file.unreadable`` when it asked too much of the machine.
    """
    if extension in NOT_PARSED:
        return examine_alone(path, extension)
    found = confined(examine_path, str(path), extension, str(copy), may_be_template)
    return Verdict(tuple(found["removed"]), is_rewritten=bool(found["is_rewritten"]))


def examine_alone(path: Path, extension: str) -> Verdict:
    """``examine`` for kinds of which only some bytes are compared."""
    with path.open("rb") as source:
        return examine(source, extension)


def examine_path(path: str, extension: str, copy: str, may_be_template: bool) -> dict[str, object]:
    """``examine`` between files, as it runs in the other process."""
    with Path(path).open("rb") as source, Path(copy).open("w+b") as target:
        verdict = examine(source, extension, target, may_be_template=may_be_template)
        if verdict.is_rewritten:
            target.flush()
            if examine(target, extension, may_be_template=may_be_template).is_rewritten:
                raise refusal("file.fetches")  # what cannot be made harmless stays outside
    return {"removed": list(verdict.removed), "is_rewritten": verdict.is_rewritten}
