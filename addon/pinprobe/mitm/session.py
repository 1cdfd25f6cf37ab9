"""One session: every fact goes through here, to the schedule and to the recorder.

It takes more than 300 lines, since all that lives as long as the session meets here.
"""

import asyncio
import gc
import logging
import platform
import secrets
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from mitmproxy import version
from mitmproxy.log import ALERT
from OpenSSL import SSL

from pinprobe import __version__
from pinprobe.attempts import REFUSALS, UNATTRIBUTED, AttemptFold
from pinprobe.catalog import Table, known_hosts, registrable_domain
from pinprobe.config import Settings
from pinprobe.events import (
    CLOCK_SET,
    PHASES,
    SCHEMA_VERSION,
    ConnectionClosed,
    Event,
    HostKnown,
    Marked,
    NameResolved,
    SessionEnded,
    SessionStarted,
    ToolFailed,
)
from pinprobe.mishap import places_of, words_of
from pinprobe.mitm.attributing import Attributing
from pinprobe.mitm.chainstore import ChainStore
from pinprobe.mitm.clock import CLOCK, now_s
from pinprobe.mitm.exchanges import Exchanges
from pinprobe.mitm.live import Pages
from pinprobe.mitm.marks import take_mark
from pinprobe.mitm.package_reading import PackageReading
from pinprobe.mitm.recorder import Recorder
from pinprobe.mitm.served import Server
from pinprobe.mitm.watch import Watch
from pinprobe.private import make_private
from pinprobe.report.folders import folder_name
from pinprobe.report.times import iso, span
from pinprobe.schedule import Plan, Schedule
from pinprobe.thresholds import ENDPOINTS_KEPT, LONG_S

if TYPE_CHECKING:
    from pinprobe.policy import Policy

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

TICK_S = 0.5
ONE_LOOKUP_S = 1.0
"""A stack asks for several types of records at once."""
STOP_TIMEOUT_S = 30.0
CLOCK_SET_S = 2.0
"""A clock that is only kept right moves by less."""


class Session:
    """What lives from the proxy's start to its end."""

    def __init__(
        self,
        settings: Settings,
        ca_pin_sha256: str,
        connection_strategy: str,
        policy: "Policy | None",
        known: Table | None = None,
    ) -> None:
        self.settings = settings
        self._policy = policy
        self._known = known if known is not None else known_hosts()
        self.server = Server()
        self.seed = secrets.randbits(32)
        plan = Plan(seed=self.seed, mode=settings.mode, probes=settings.probes, contrasts=settings.contrasts)
        self.schedule = Schedule(plan)
        self.chains = ChainStore(settings.public_roots)
        self.exchanges = Exchanges()
        self.phase = settings.phase
        self._fold = AttemptFold()
        self._loop = asyncio.get_running_loop()
        self._clients: dict[str, int] = {}
        self._hosts: dict[str, str | None] = {}
        self._asked_s: dict[tuple[int, str], float] = {}
        self._chains_told: set[str] = set()
        self._connections = 0
        self._failures: set[tuple[str, str]] = set()
        self._marks_refused: set[str] = set()
        self._waiting: deque[tuple[float, Watch]] = deque()
        self._interceptions: deque[float] = deque(maxlen=32)
        CLOCK.set()
        self._clock_told = False
        self.folder = _new_folder(settings.reports / folder_name(settings.app_id or UNATTRIBUTED))
        self.id = self.folder.name
        self.pages = Pages()
        looked_at = settings.live_port is not None or settings.magic_host
        try:
            self.recorder = Recorder(
                self.folder,
                settings.reports,
                self._say_from_thread,
                formats=settings.formats,
                policy=policy,
                show=self.pages.show if looked_at else None,
                bound_mb=settings.journal_mb,
            )
        except OSError:
            self.folder.rmdir()  # it is tried again with another
            raise
        self.attributing = Attributing(settings, self.recorder.put, self._loop.call_soon_threadsafe)
        self.emit(
            SessionStarted(
                at_s=now_s(),
                schema_version=SCHEMA_VERSION,
                session_id=self.id,
                tool_version=__version__,
                mitmproxy_version=version.VERSION,
                openssl_version=SSL.SSLeay_version(SSL.SSLEAY_VERSION).decode("ascii", "replace"),
                python_version=platform.python_version(),
                ca_pin_sha256=ca_pin_sha256,
                app_id=settings.app_id,
                mode=settings.mode,
                ca_store=settings.ca_store,
                first_party=tuple(dict.fromkeys((*settings.first_party, *(policy.first_party if policy else ())))),
                connection_strategy=connection_strategy,
                seed=self.seed,
                probes=settings.probes,
                contrasts=settings.contrasts,
                phase=settings.phase,
                label=settings.label,
                device=settings.device,
                android_api=settings.android_api,
                backup_pins=settings.backup_pins,
            )
        )
        self.package = PackageReading(settings, self.emit, self._say_from_thread, self._soon)
        self.package.start()
        self.guard(self._read_chains)

    def emit(self, event: Event) -> None:
        """One more fact."""
        self.schedule.learn(event)
        if (settled := self._fold.feed(event)) is not None:
            self.schedule.observe(settled)
            if settled.attempt.outcome in REFUSALS:
                self.exchanges.refused(settled.attempt.client)
        self.attributing.put(event)

    def guard(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Run our own code so that no error of it reaches the proxy; it becomes a notice in the report instead."""
        try:
            return call(*args, **kwargs)
        except Exception as error:
            self.failed(getattr(call, "__qualname__", "?"), error)
            return None

    def failed(self, where: str, error: Exception) -> None:
        """Note an error of ours, once per kind."""
        what = words_of(error)
        if (where, what) in self._failures or len(self._failures) >= 100:
            return
        self._failures.add((where, what))
        through = " < ".join(reversed(places_of(error)))
        logger.warning("pinprobe: error in %s: %s. The connection goes on. Through: %s", where, what, through)
        self.recorder.put(ToolFailed(at_s=now_s(), where=where, error=what))

    def connection_number(self) -> int:
        """The next connection's id."""
        self._connections += 1
        return self._connections

    def client_number(self, address: str) -> int:
        """A device, as a number; its address goes no further than this table."""
        if address not in self._clients and len(self._clients) >= ENDPOINTS_KEPT:
            return 0
        return self._clients.setdefault(address, len(self._clients) + 1)

    def host_seen(self, host: str) -> str | None:
        """The catalog's category of a host; it is asked once per host."""
        if host in self._hosts or len(self._hosts) >= ENDPOINTS_KEPT:
            return self._hosts.get(host)
        known = self._known.look_up(host)
        self._hosts[host] = known.category if known else None
        self.emit(
            HostKnown(
                at_s=now_s(),
                host=host,
                registrable_domain=registrable_domain(host),
                category=known.category if known else None,
                vendor=known.vendor if known else None,
            )
        )
        self.guard(self.package.host_seen, host)
        return self._hosts[host]

    def name_asked(self, client: int, host: str) -> None:
        """A name lookup; those of one moment (A, AAAA, HTTPS) are one."""
        at_s = now_s()
        if len(self._asked_s) >= ENDPOINTS_KEPT:
            self._asked_s.clear()
        if at_s - self._asked_s.get((client, host), 0.0) > ONE_LOOKUP_S:
            self._asked_s[client, host] = at_s
            self.host_seen(host)
            self.emit(NameResolved(at_s=at_s, client=client, host=host))

    def mark(self, phase: str, source: str) -> None:
        """Another phase begins; the same one goes on."""
        if phase not in PHASES:
            raise ValueError(f"{phase!r} is no phase: use one of {', '.join(PHASES)}")
        if phase != self.phase:
            self.phase = phase
            self.emit(Marked(at_s=now_s(), phase=phase, source=source))
            logger.log(ALERT, "pinprobe: phase: %s", phase)

    def _take_mark(self) -> None:
        """What `pinprobe mark` left in the folder."""
        try:
            phase = take_mark(self.folder)
            if phase is not None:
                self.mark(phase, "file")
        except (OSError, ValueError) as error:
            # A wrong word, or a folder that is gone: said once, and nothing is marked.
            if str(error) not in self._marks_refused:
                self._marks_refused.add(str(error))
                logger.warning("pinprobe: the mark in %s is not taken: %s", self.folder, error)

    def _look_at_clock(self) -> None:
        """The machine's clock was set meanwhile: told once, as no time of this session is changed by it."""
        moved_s = CLOCK.moved_s()
        if abs(moved_s) < CLOCK_SET_S or self._clock_told:
            return
        self._clock_told = True
        words = (
            f"The machine's clock was set {'forward' if moved_s > 0 else 'back'} by {span(abs(moved_s))} at {iso(now_s())}; "
            "times of this session go on from its start"
        )
        logger.warning("pinprobe: %s.", words)
        self.recorder.put(ToolFailed(at_s=now_s(), where=CLOCK_SET, error=words))

    def chain_is_new(self, chain_id: str) -> bool:
        """True the first time: a chain is journalled once."""
        if chain_id in self._chains_told or len(self._chains_told) >= ENDPOINTS_KEPT:
            return chain_id not in self._chains_told
        self._chains_told.add(chain_id)
        return True

    def _read_chains(self) -> None:
        """Chains that the user gave; what cannot be replayed is told with its reason."""
        if self.settings.replay_chains is None:
            return
        for fact in self.chains.from_files(self.settings.replay_chains):
            self.emit(fact)
            if fact.refused_because:
                logger.warning("pinprobe: the chain of %s cannot be replayed: %s", fact.host, fact.refused_because)

    def interception_took(self, seconds: float) -> None:
        """How long a client waited for our certificate; the largest of the latest is what a delayed relay imitates."""
        self._interceptions.append(seconds)

    def interception_s(self) -> float:
        """As long as interception takes here."""
        return max(self._interceptions, default=0.05)

    def await_data(self, watch: Watch) -> None:
        """The handshake is complete: if nothing follows for long, the attempt is called silent."""
        self._waiting.append((now_s() + LONG_S, watch))

    async def tick(self) -> None:
        """Close attempts by a timer, since `client_disconnected` may never come (measured on JSSE)."""
        await asyncio.get_running_loop().run_in_executor(None, self.guard, self._prepare)
        # What is loaded by now stays until the end: a hundred thousand objects that every full collection would go
        # through, at a hundredth of the proxy's time (measured).
        gc.freeze()
        while True:
            await asyncio.sleep(TICK_S)
            self.guard(self.close_silent)
            self.guard(self._take_mark)
            self.guard(self._look_at_clock)
            if self.recorder.at_bound:
                self.schedule.end()
            self.guard(self.attributing.tick)
            self.guard(self.package.tick)

    def _prepare(self) -> None:
        """What takes a tenth of a second the first time, ahead of the first handshake."""
        registrable_domain("example.com")
        _ = self.chains.roots
        self.server.prepare()
        self.recorder.loaded()

    def close_silent(self) -> None:
        """Tell of the connections that have been silent for long."""
        while self._waiting and self._waiting[0][0] <= now_s():
            _, watch = self._waiting.popleft()
            if not watch.closed and not watch.client_bytes:
                self.emit(self.closing(watch, "timer"))

    def closing(self, watch: Watch, closed_by: str) -> ConnectionClosed:
        """The event of a connection's end."""
        return ConnectionClosed(
            at_s=now_s(),
            connection_id=watch.id,
            closed_by=closed_by,
            client_bytes=watch.client_bytes,
            server_bytes=watch.server_bytes,
            requests=watch.requests,
        )

    def stop(self) -> None:
        """Write the rest, and say what was found and where it is."""
        gc.unfreeze()
        self.guard(self.package.stop)
        self.guard(self.attributing.stop)
        self.emit(SessionEnded(at_s=now_s()))
        in_time = self.recorder.stop(STOP_TIMEOUT_S)
        evidence = self.recorder.evidence
        if evidence is None or evidence.session is None or not in_time:
            logger.warning("pinprobe: the last report may be missing; rebuild it: pinprobe report %s", self.folder)
            return
        # The recorder has loaded it after the start, which would wait for it.
        from pinprobe.mitm.last_words import last_words

        for line in last_words(evidence, self.settings.app_id or UNATTRIBUTED, self._policy, self.folder):
            logger.info("%s", line)

    def _soon(self, call: Callable[[], object]) -> None:
        """Have something done, guarded, in the proxy's own thread. Raises RuntimeError where its loop is closed."""
        self._loop.call_soon_threadsafe(self.guard, call)

    def _say_from_thread(self, level: int, line: str) -> None:
        def say() -> None:
            logger.log(ALERT if level == logging.INFO else level, line)

        try:
            self._loop.call_soon_threadsafe(say)
        except RuntimeError:  # the loop is closed: the proxy has gone
            say()


def _new_folder(above: Path) -> Path:
    """The session's own, named by its time and a number, and nobody's before: two journals never share a file."""
    make_private(above)
    while True:
        folder = above / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        try:
            folder.mkdir(mode=0o700)
            return folder
        except FileExistsError:
            continue
