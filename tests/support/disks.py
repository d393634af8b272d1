"""A disk that can be filled and freed: a small one of its own, or a limit on a running process where none may be made."""

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SmallDisk:
    """A folder on a disk that ``fill`` fills to the last byte and ``free`` empties again."""

    folder: Path
    kind: str
    fill: Callable[[list[int]], None]  # takes the processes that write to it
    free: Callable[[list[int]], None]


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    """A disk in memory where we may mount one; else files of the serving processes may not grow while it is full."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        yield SmallDisk(folder, "a limit on files", _limit, _unlimit)
        return
    ballast = folder / "ballast"

    def fill(_processes: list[int]) -> None:
        with ballast.open("ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue

    def free(_processes: list[int]) -> None:
        ballast.unlink()

    try:
        yield SmallDisk(folder, "a disk in memory", fill, free)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _limit(processes: list[int]) -> None:
    for process in processes:
        hard = resource.prlimit(process, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(process, resource.RLIMIT_FSIZE, (1, hard))


def _unlimit(processes: list[int]) -> None:
    for process in processes:
        hard = resource.prlimit(process, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(process, resource.RLIMIT_FSIZE, (hard, hard))
