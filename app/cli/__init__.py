"""Operator commands. Exit 0: done. Exit 2: refused, with one clear message on standard error; never a traceback."""

import gc

# Loading a thousand modules makes no garbage, and looking for it is a sixth of the time until the first page.
gc.disable()

from app.cli.root import main  # noqa: E402

gc.enable()

__all__ = ["main"]
