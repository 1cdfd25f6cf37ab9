"""pinprobe with a clock around each of its hooks and the parts of its thread: a script for `mitmdump -s`, used by the
benchmark only.

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
from pinprobe.mitm.recorder import Recorder
from pinprobe.mitm.reporter import Reporter

addons: list[object] = list(pinprobe_addon.addons)
TIMES_US: dict[str, list[float]] = {}
PARTS: tuple[tuple[type, str, str], ...] = (
    (Recorder, "_write", "recorder: journal"),
    (Reporter, "_learn", "recorder: evidence"),
    (Reporter, "_say_verdicts", "recorder: verdicts"),
    (Reporter, "_refresh", "recorder: report"),
)
"""Parts of its threads, by their methods. They are timed by the processor's clock: the threads wait for the proxy's."""


def timed(name: str, call: Callable[..., Any], clock: Callable[[], float] = time.perf_counter) -> Callable[..., Any]:
    """The call, with the time until it returns noted. An async hook's waiting counts too: a connection waits as well."""
    times = TIMES_US.setdefault(name, [])

    if inspect.iscoroutinefunction(call):

        @functools.wraps(call)
        async def wrapped_async(*arguments: Any, **named: Any) -> Any:
            started = clock()
            try:
                return await call(*arguments, **named)
            finally:
                times.append((clock() - started) * 1e6)

        return wrapped_async

    @functools.wraps(call)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        started = clock()
        try:
            return call(*arguments, **named)
        finally:
            times.append((clock() - started) * 1e6)

    return wrapped


class Writer:
    """Last in line, so that pinprobe's own `done` is counted."""

    def done(self) -> None:
        Path(os.environ["PINPROBE_BENCH_HOOKS"]).write_text(json.dumps(TIMES_US))


for _addon in list(addons):
    for _name in hooks.all_hooks:
        if callable(_hook := getattr(_addon, _name, None)):
            setattr(_addon, _name, timed(_name, _hook))
for _class, _method, _part in PARTS:
    setattr(_class, _method, timed(_part, getattr(_class, _method), time.thread_time))
addons.append(Writer())
