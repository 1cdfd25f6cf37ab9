"""The app's own log beside the proxy: what it names becomes a fact of the session, and what fails a notice."""

import asyncio
import logging
from typing import TYPE_CHECKING

from pinprobe import events as ev
from pinprobe.mitm.clock import now_s
from pinprobe.mitm.names import host_name
from pinprobe.mitm.session import Session

if TYPE_CHECKING:
    from pinprobe.applog import AppLog

logger = logging.getLogger(__name__)

AUTO = "auto"
"""In place of a serial: the only device there is."""
KEPT = 512
"""Lines that are told; a hostile app can write them without end."""


class LogReading:
    """From the session's start to its end, where it was asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._app_id = session.settings.app_id or ""
        self._told = 0
        self._complaints: set[str] = set()
        self._log: AppLog | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, if asked to."""
        if self._session.settings.logcat:
            from pinprobe.applog import AppLog  # few ask for it, and the proxy starts sooner without

            wanted = self._session.settings.adb
            serial = None if wanted in {"", AUTO} else wanted
            self._log = AppLog(self._app_id, serial, self._tell, self._complain, now_s)
            self._task = asyncio.get_running_loop().create_task(self._follow(self._log))

    def stop(self) -> None:
        """End it at once."""
        if self._task is not None and self._log is not None:
            self._task.cancel()
            self._log.stop()

    async def _follow(self, log: "AppLog") -> None:
        try:
            await log.follow()
        except Exception as error:
            self._session.failed("the app's log", error)

    def _tell(self, at_s: float, cause: str, host: str | None) -> None:
        self._told += 1
        if self._told <= KEPT:
            self._session.emit(ev.DiagnosticSeen(at_s=at_s, app_id=self._app_id, cause=cause, host=host_name(host)))

    def _complain(self, words: str) -> None:
        """Once for each kind; it is tried again and again."""
        if words not in self._complaints and len(self._complaints) < KEPT:
            self._complaints.add(words)
            logger.warning("pinprobe: the app's log cannot be read: %s. The proxy goes on without it.", words)
            self._session.emit(ev.ToolFailed(at_s=now_s(), where=ev.APP_LOG, error=words))
