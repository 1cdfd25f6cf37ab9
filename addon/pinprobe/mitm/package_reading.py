"""The app's package beside the proxy: what it declares becomes facts as soon as it is read.

Reading a large one takes seconds, so a thread of its own does it, and the proxy never waits. Hosts that are seen
meanwhile are kept and told of then.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pinprobe.config import LONGEST_APP, ConfigError, Settings, word
from pinprobe.events import PACKAGE, Event, ToolFailed
from pinprobe.mishap import words_of
from pinprobe.mitm.clock import now_s
from pinprobe.thresholds import ENDPOINTS_KEPT

if TYPE_CHECKING:
    from pinprobe.declared import Declared

OPTION = "pinprobe_apk"
LONG_S = 2.0
"""After so long somebody who waits is told."""
LONGEST_S = 300.0
"""A package that takes longer is told of as far as it was read."""
LONGEST_START_S = 20.0
"""For its name alone, while the proxy waits: milliseconds, but for APKs that lie compressed in an archive."""
LAST_S = 5.0
"""Waited for at the session's end."""
STOPPING_S = 2.0
"""How soon the reader notices that it is to stop."""
ERROR_KEPT = 500
"""Characters of an error's text, or of a problem's in the log."""
MIB = 1 << 20

Say = Callable[[int, str], None]
"""Logs a line at a level."""
Soon = Callable[[Callable[[], object]], object]
"""Has something called in the proxy's own thread."""


class PackageReading:
    """From the session's start until everything is told. All but `_read` belongs to the proxy's own thread."""

    def __init__(self, settings: Settings, emit: Callable[[Event], None], say: Say, soon: Soon) -> None:
        self._settings = settings
        self._emit = emit
        self._say = say
        self._soon = soon
        self._waiting: list[str] | None = [] if settings.apk else None
        """Hosts seen before it is known what is declared for them; None where nothing is waited for."""
        self._declared: Declared | None = None
        self._error: Exception | None = None
        self._done = threading.Event()
        self._stopping = threading.Event()
        self._seen, self._total = 0, 0
        self._began_s = 0.0
        self._told_that_it_takes_long = False

    @property
    def _app_id(self) -> str:
        """Empty where nobody has a name for it."""
        return self._settings.app_id or ""

    def start(self) -> None:
        """Begin to read, if there is a package."""
        if self._waiting is not None:
            self._began_s = time.monotonic()
            threading.Thread(target=self._read, name="pinprobe-package", daemon=True).start()

    def _read(self) -> None:
        try:
            from pinprobe.declared import read_app  # most sessions are without a package, and start sooner so

            self._declared = read_app(self._settings.apk, progress=self._progress, deadline=self._over)
        except Exception as error:
            self._error = error
        self._done.set()
        with contextlib.suppress(RuntimeError):  # the loop is closed: the proxy has gone
            self._soon(self.take)

    def _progress(self, seen: int, total: int) -> None:
        self._seen, self._total = seen, total

    def _over(self) -> bool:
        return self._stopping.is_set() or time.monotonic() - self._began_s > LONGEST_S

    def tick(self) -> None:
        """Say so where it takes long."""
        if self._waiting is None or self._told_that_it_takes_long or time.monotonic() - self._began_s < LONG_S:
            return
        self._told_that_it_takes_long = True
        how_far = f" ({self._seen // MIB} of {self._total // MIB} MiB)" if self._total >= MIB else ""
        self._say(logging.INFO, f"pinprobe: still reading the app's package{how_far}; the proxy works meanwhile.")

    def host_seen(self, host: str) -> None:
        """A host for the first time: what is declared for it is told, now or as soon as it is known."""
        if not host:
            return
        if self._waiting is not None:
            if len(self._waiting) < ENDPOINTS_KEPT:
                self._waiting.append(host)
        elif self._declared is not None:
            found = self._declared.host(host, self._app_id, now_s(), self._settings.android_api)
            if found is not None:
                self._emit(found)

    def take(self) -> None:
        """It is read: tell of the app, then of every host that waited."""
        if self._waiting is None or not self._done.is_set():
            return
        hosts, self._waiting = self._waiting, None
        if self._declared is None:
            error = self._error
            assert error is not None  # it is the one or the other
            from pinprobe.declared import PackageError

            return self._fail(word(str(error), ERROR_KEPT) if isinstance(error, PackageError) else words_of(error))
        from pinprobe.declared.naming import told_of_another

        app = told_of_another(self._declared.app(self._app_id, now_s()))
        self._emit(app)
        for host in hosts:
            self.host_seen(host)
        if self._told_that_it_takes_long:
            took_s = time.monotonic() - self._began_s
            self._say(logging.INFO, f"pinprobe: the app's package is read, after {took_s:.0f} s.")
        if app.problems:
            more = f" (and {len(app.problems) - 1} more, see the report)" if len(app.problems) > 1 else ""
            first = word(app.problems[0], ERROR_KEPT)
            self._say(logging.WARNING, f"pinprobe: the app's package: {first}{more}. The session goes on.")

    def stop(self) -> None:
        """The session ends: a moment more for what is nearly read, else as far as it was read."""
        if self._waiting is None:
            return
        if not self._done.wait(LAST_S):
            self._stopping.set()
            self._done.wait(STOPPING_S)
        self.take()
        if self._waiting is not None:
            self._waiting = None
            self._fail("the session ended before it was read")

    def _fail(self, what: str) -> None:
        self._emit(ToolFailed(at_s=now_s(), where=PACKAGE, error=what))
        self._say(
            logging.WARNING,
            f"pinprobe: the app's package could not be read: {what}. The session goes on without it; "
            "`pinprobe report --apk FILE JOURNAL` holds it against the journal later.",
        )


class PackageNames:
    """Which app a package is, looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, ...], str | None] = {}

    def of(self, paths: tuple[Path, ...]) -> str | None:
        """None without a package, or where its manifest cannot be read. Raises ConfigError where it is no package."""
        if paths and paths not in self._known:
            from pinprobe.declared import PackageError
            from pinprobe.declared.naming import package_name

            began_s = time.monotonic()
            try:
                name = package_name(paths, deadline=lambda: time.monotonic() - began_s > LONGEST_START_S)
            except (PackageError, OSError) as error:
                raise ConfigError(f"{OPTION}={','.join(map(str, paths))}: {error}.") from None
            except Exception:
                name = ""  # an error of ours, of which the reader will tell as well
            self._known[paths] = word(name, LONGEST_APP) or None
        return self._known.get(paths)
