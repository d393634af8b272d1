"""Operator commands. Exit 0: done. Exit 2: refused, with one clear message on standard error; never a traceback."""

from app.cli.root import main

__all__ = ["main"]
