"""What a page costs: the case and the meeting, against the same SQL and template without sign-in and access.

Also how soon a loaded demo answers after a cold start, and what two workers weigh.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from app.bench.client import Timing, measure, median_of, percentile
from app.bench.places import demo_places
from app.bench.server import HOST, Served, demo_installation, memory_mb, served
from app.platform.settings import Settings

ROUNDS = 5
SECONDS = 0.7  # of a round at most: half a minute for all of them, however slow the machine
REQUESTS = {1: 100, 16: 320}  # of a round at most
BARE = "app.bench.bare:served"


def run(progress: Callable[[str], None]) -> list[dict[str, Any]]:
    """Rows of figures. Rounds of the two servers alternate, so the machine's moods fall on both.

    ``answers`` is how many the figures of a row rest on: with fewer than some hundreds, read the p99 as the worst.
    """
    rows: list[dict[str, Any]] = []
    with demo_installation() as settings:
        places = demo_places(settings)
        progress("pages against bare handlers")
        with (
            served(settings, workers=1, path=places["case"]) as real,
            served(settings, workers=1, path=places["case"], application=BARE) as bare,
        ):
            for connections, requests in REQUESTS.items():
                for page, path in places.items():
                    rows.append(_compare(page, path, real, bare, connections, requests))
        progress("cold start and memory")
        rows.append(_start_and_memory(settings, places["case"], real.cold_start_seconds))
    return rows


def _compare(
    page: str, path: str, real: Served, bare: Served, connections: int, requests: int
) -> dict[str, Any]:
    ours: list[Timing] = []
    theirs: list[Timing] = []
    for _ in range(ROUNDS):
        for server, timings in ((real, ours), (bare, theirs)):
            timings.append(
                measure(
                    HOST,
                    server.port,
                    path,
                    cookie=server.cookie,
                    requests=requests,
                    connections=connections,
                    seconds=SECONDS,
                )
            )
    ratios = [
        bare_round.per_second / real_round.per_second
        for real_round, bare_round in zip(ours, theirs, strict=True)
    ]
    return {
        "page": page,
        "connections": connections,
        "answers": sum(len(timing.times) for timing in ours),
        "median_ms": median_of(_all_times(ours)),
        "p99_ms": percentile(_all_times(ours), 0.99),
        "bare_median_ms": median_of(_all_times(theirs)),
        "times_bare": round(statistics.median(ratios), 2),
        "errors": sum(timing.errors for timing in (*ours, *theirs)),
    }


def _all_times(timings: list[Timing]) -> list[float]:
    return [each for timing in timings for each in timing.times]


def _start_and_memory(settings: Settings, path: str, first_start: float) -> dict[str, Any]:
    starts = [first_start]
    for _ in range(2):
        with served(settings, workers=1, path=path) as one:
            starts.append(one.cold_start_seconds)
    with served(settings, workers=2, path=path) as two:
        measure(HOST, two.port, path, cookie=two.cookie, requests=320, connections=16, seconds=5)
        memory = memory_mb(two.process_id)
    return {
        "page": "case",
        "cold_start_s": statistics.median(starts),
        "libraries_alone_s": _libraries_alone(),
        "two_workers_mb": memory,
    }


def _libraries_alone() -> float:
    """Seconds that this machine needs to load what any such server loads, so that a cold start can be compared."""
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import fastapi, sqlalchemy.orm, uvicorn"], check=True)
        taken.append(time.perf_counter() - started)
    return round(statistics.median(taken), 2)
