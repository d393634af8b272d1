"""Work on a file from outside, in a process of its own that may neither grow nor go on for long.

The process is begun anew for each file, knows no setting and no secret of ours, and answers in JSON. However it ends, the
caller gets an answer: a value, a refusal, or that the file could not be read.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from app.guard.limits import MEMORY, WALL_SECONDS, refusal
from app.kernel.errors import Reason, RuleBroken

_ROOT: Final = Path(__file__).resolve().parent.parent.parent
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_AT_ONCE = threading.BoundedSemaphore(2)  # as many times the memory as a small machine can spare


def confined(function: Callable[..., Any], *arguments: Any, seconds: float = WALL_SECONDS) -> Any:
    """Call a function of a module in a process of its own. Arguments and answer must be what JSON can hold.

    :raise RuleBroken: what the function raised, or ``file.unreadable`` when it died or took too long.
    """
    order = json.dumps([function.__module__, function.__qualname__, arguments])
    with _AT_ONCE:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", "app.guard.worker", str(MEMORY)],
                input=order.encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ}
                | {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise refusal("file.unreadable") from error
    if done.returncode:
        raise refusal("file.unreadable")
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise refusal("file.unreadable") from error
    if "refused" in answer:
        raise RuleBroken(
            *(Reason(code, field or "file", values) for code, field, values in answer["refused"])
        )
    return answer["value"]
