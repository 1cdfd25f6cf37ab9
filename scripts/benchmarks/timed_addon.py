"""pinprobe with a clock around each of its hooks: a script for `mitmdump -s`, used by the benchmark only.

At the end it writes what it counted to the file named in PINPROBE_BENCH_HOOKS.
"""

import functools
import inspect
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mitmproxy import hooks

sys.path.insert(0, str(Path(__file__).parents[2] / "addon"))
import pinprobe_addon

addons: list[object] = list(pinprobe_addon.addons)
TIMES_US: dict[str, list[float]] = {}


def timed(name: str, hook: Callable[..., Any]) -> Callable[..., Any]:
    """The hook, with the time until it returns noted. An async hook's waiting counts too: a connection waits as well."""
    times = TIMES_US.setdefault(name, [])

    if inspect.iscoroutinefunction(hook):

        @functools.wraps(hook)
        async def wrapped_async(*arguments: Any) -> Any:
            started = time.perf_counter()
            try:
                return await hook(*arguments)
            finally:
                times.append((time.perf_counter() - started) * 1e6)

        return wrapped_async

    @functools.wraps(hook)
    def wrapped(*arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return hook(*arguments)
        finally:
            times.append((time.perf_counter() - started) * 1e6)

    return wrapped


class Writer:
    """Last in line, so that pinprobe's own `done` is counted."""

    def done(self) -> None:
        Path(os.environ["PINPROBE_BENCH_HOOKS"]).write_text(json.dumps(TIMES_US))


for _addon in list(addons):
    for _name in hooks.all_hooks:
        if callable(_hook := getattr(_addon, _name, None)):
            setattr(_addon, _name, timed(_name, _hook))
addons.append(Writer())
