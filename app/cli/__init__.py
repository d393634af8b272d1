"""Operator commands. Exit 0: done. Exit 2: refused, with one clear message on standard error; never a traceback."""

import gc
import sys


def main() -> None:
    """Run the command that was typed. The commands are loaded here, where a Ctrl+C in that second is answered too."""
    try:
        # Loading a thousand modules makes no garbage, and looking for it is a sixth of the time until the first page.
        gc.disable()
        from app.cli.root import main as run

        gc.enable()
        run()
    except KeyboardInterrupt:
        print("Stopped. Nothing was stored.", file=sys.stderr)
        raise SystemExit(2) from None


__all__ = ["main"]
