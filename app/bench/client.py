"""A small client that keeps its connections open: many requests for one page, by several connections at once."""

import asyncio
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Figures of one round."""

    per_second: float
    median_ms: float
    p99_ms: float
    errors: int


def measure(host: str, port: int, path: str, *, cookie: str, requests: int, connections: int) -> Timing:
    """Ask for the page and wait for every answer; anything but 200 counts as an error."""
    # In a thread of its own: the caller's may have an event loop already, as it has in the browser tests.
    with ThreadPoolExecutor(max_workers=1) as thread:
        asking = _measure(host, port, path, cookie, requests, connections)
        return thread.submit(asyncio.run, asking).result()


async def _measure(host: str, port: int, path: str, cookie: str, requests: int, connections: int) -> Timing:
    message = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\nAccept-Language: nb\r\n\r\n".encode()
    share = max(1, requests // connections)
    started = time.perf_counter()
    rounds = await asyncio.gather(*(_connection(host, port, message, share) for _ in range(connections)))
    seconds = time.perf_counter() - started
    times = sorted(each for taken, _errors in rounds for each in taken)
    return Timing(
        per_second=round(len(times) / seconds, 1),
        median_ms=round(statistics.median(times), 2),
        p99_ms=round(times[min(len(times) - 1, int(len(times) * 0.99))], 2),
        errors=sum(errors for _taken, errors in rounds),
    )


async def _connection(host: str, port: int, message: bytes, requests: int) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 22)
    taken = []
    errors = 0
    for _ in range(requests):
        started = time.perf_counter()
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        taken.append((time.perf_counter() - started) * 1000)
        errors += not head.startswith(b"HTTP/1.1 200")
    writer.close()
    await writer.wait_closed()
    return taken, errors
