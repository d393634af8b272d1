"""How a worker process settles before it serves."""

import gc

from anyio import to_thread


def settle(threads: int) -> None:
    """Limit the threads and take what is loaded out of the garbage collector's rounds. Call once, in the event loop.

    Sync handlers run in threads; the default of 40 fight for the interpreter and lengthen every answer. A full collection
    of a started process takes tens of milliseconds, and what is loaded now lives as long as the process.
    """
    to_thread.current_default_thread_limiter().total_tokens = threads
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
