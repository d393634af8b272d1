"""``python -m app.guard.worker``: the process in which files from outside are read. Begun by ``confined`` alone."""

import importlib
import json
import os
import sys
from typing import Any

from app.guard.limits import CPU_SECONDS
from app.kernel.errors import RuleBroken


def confine(memory: int) -> None:
    """Let this process have so much memory and time and no more. Windows has no such limits; the clock holds there."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def work(order: str) -> dict[str, Any]:
    """Call what the order names."""
    module, name, arguments = json.loads(order)
    function = getattr(importlib.import_module(module), name)
    try:
        return {"value": function(*arguments)}
    except RuleBroken as broken:
        return {
            "refused": [[reason.code, reason.field, dict(reason.values or {})] for reason in broken.reasons]
        }


if __name__ == "__main__":
    confine(int(sys.argv[1]))
    answer = json.dumps(work(sys.stdin.read()))
    sys.stdout.write(answer)
    sys.stdout.flush()
    os._exit(0)  # what was read need not be taken apart again
