"""A small client that keeps its connections open: many requests for one page, by several connections at once."""

import asyncio
import math
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Figures of one round. ``times`` are the milliseconds of every answer, the quickest first."""

    per_second: float
    times: tuple[float, ...]
    errors: int


def measure(
    host: str,
    port: int,
    path: str,
    *,
    cookie: str,
    requests: int,
    connections: int,
    seconds: float = math.inf,
) -> Timing:
    """Ask for the page and wait for every answer; anything but 200 counts as an error.

    Nothing is asked for any more once the seconds are over, so that a slow machine gets fewer answers, not a longer wait.
    """
    # In a thread of its own: the caller's may have an event loop already, as it has in the browser tests.
    with ThreadPoolExecutor(max_workers=1) as thread:
        asking = _measure(host, port, path, cookie, requests, connections, seconds)
        return thread.submit(asyncio.run, asking).result()


def median_of(times: Sequence[float]) -> float:
    """The one in the middle, in milliseconds."""
    return round(statistics.median(times), 2)


def percentile(times: Sequence[float], part: float) -> float:
    """What this part of all answers took at most, in milliseconds."""
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * part))], 2)


async def _measure(
    host: str, port: int, path: str, cookie: str, requests: int, connections: int, seconds: float
) -> Timing:
    message = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\nAccept-Language: nb\r\n\r\n".encode()
    share = max(1, requests // connections)
    started = time.perf_counter()
    until = started + seconds
    rounds = await asyncio.gather(
        *(_connection(host, port, message, share, until) for _ in range(connections))
    )
    taken_together = time.perf_counter() - started
    times = tuple(sorted(each for taken, _errors in rounds for each in taken))
    return Timing(
        per_second=len(times) / taken_together,
        times=times,
        errors=sum(errors for _taken, errors in rounds),
    )


async def _connection(
    host: str, port: int, message: bytes, requests: int, until: float
) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 22)
    taken: list[float] = []
    errors = 0
    for _ in range(requests):
        started = time.perf_counter()
        if taken and started > until:
            break
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        taken.append((time.perf_counter() - started) * 1000)
        errors += not head.startswith(b"HTTP/1.1 200")
    writer.close()
    await writer.wait_closed()
    return taken, errors
