"""A proxy without sockets: clients that answer each probe in their way, the schedule that chooses, and the journal.

It does what the running proxy does: every event goes to the attempts and from there to the schedule, and the
schedule is asked at every ClientHello.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from pinprobe import events as ev
from pinprobe.attempts import AttemptFold
from pinprobe.schedule import Choice, Key, Plan, Schedule
from tests import builders as b
from tests.builders import CONSCRYPT, START_S, Events

LISTENER = "regular@8080"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A use of a TLS stack at a host: what it does with a certificate of our CA, and with one of no CA at all."""

    trusted: Callable[..., Events]
    untrusted: Callable[..., Events] = b.refused_alert
    relayed: Callable[..., Events] = b.relayed_ok
    host: str = "api.example.com"
    stack: str = CONSCRYPT
    number: int = 1

    def answer(self, probe_id: str) -> Events:
        """The connection's events under this probe."""
        how = {"stack": self.stack, "client": self.number}
        if probe_id in {"relay", "relay_delayed"}:
            return under(self.relayed(self.host, **how), probe_id)
        if probe_id in {"trusted_ca", "mimic_genuine", "stuffed_chain", "stuffed_chain_first"}:
            return self.trusted(self.host, probe_id=probe_id, **how)
        return self.untrusted(self.host, probe_id=probe_id, **how)

    @property
    def key(self) -> Key:
        return Key(listener=LISTENER, client=self.number, host=self.host, port=443, stack=self.stack)


UNPINNED = Client(trusted=b.accepted)
PINNED = Client(trusted=b.refused_alert)
PINNED_AFTER = Client(trusted=b.pinned_after_handshake)
TRUSTS_ALL = Client(trusted=b.accepted, untrusted=b.accepted)
SILENT_REFUSER = Client(trusted=b.closed_in_handshake, untrusted=b.closed_in_handshake)


def under(connection: Events, probe_id: str) -> Events:
    """The same connection, given another probe."""
    return [replace(e, probe_id=probe_id) if isinstance(e, ev.ProbeApplied) else e for e in connection]


@dataclass(slots=True)
class Proxy:
    """The session of a proxy, as far as the schedule is concerned."""

    schedule: Schedule
    journal: Events = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    _fold: AttemptFold = field(default_factory=AttemptFold)

    @property
    def probes(self) -> list[str]:
        """Which probes were chosen, in order."""
        return [choice.probe_id for choice in self.choices]

    def emit(self, event: ev.Event) -> None:
        """One more fact."""
        self.journal.append(event)
        self.schedule.learn(event)
        if (settled := self._fold.feed(event)) is not None:
            self.schedule.observe(settled)

    def visit(self, client: Client, at_s: float) -> str:
        """One whole connection of a client; returns the probe that it was given."""
        number = len(self.choices) + 1
        hello = b.placed(client.answer("trusted_ca")[:2], number, START_S + at_s)
        for event in hello:
            self.emit(event)
        choice = self.schedule.choose(client.key, number, hello[-1].at_s)
        self.choices.append(choice)
        for event in b.placed(client.answer(choice.probe_id)[2:], number, START_S + at_s):
            if isinstance(event, ev.ProbeApplied):
                event = replace(event, chain_id=choice.chain_id)
            self.emit(event)
        return choice.probe_id


def proxy(seed: int = 7, mode: str = "experiment", probes: tuple[str, ...] = (), contrasts: bool = True) -> Proxy:
    """A proxy that has just begun."""
    made = Proxy(Schedule(Plan(seed=seed, mode=mode, probes=probes, contrasts=contrasts)))
    made.emit(b.session(seed=seed, mode=mode, probes=probes, contrasts=contrasts))
    return made


def run(clients: Iterable[Client], *, every_s: float = 5.0, **of_proxy: object) -> Proxy:
    """These visits, one after another."""
    made = proxy(**of_proxy)  # type: ignore[arg-type]
    for number, client in enumerate(clients):
        made.visit(client, number * every_s)
    return made


def replayed(journal: Iterable[ev.Event]) -> list[tuple[int, Choice]]:
    """What a fresh schedule decides when it is fed a journal: connection and choice, at every ClientHello."""
    fold = AttemptFold()
    schedule = Schedule(Plan(seed=0, mode="observe"))
    opened: dict[int, ev.ConnectionOpened] = {}
    decided: list[tuple[int, Choice]] = []
    for event in journal:
        if isinstance(event, ev.SessionStarted):
            plan = Plan(seed=event.seed, mode=event.mode, probes=event.probes, contrasts=event.contrasts)
            schedule = Schedule(plan)
        if isinstance(event, ev.ConnectionOpened):
            opened[event.connection_id] = event
        schedule.learn(event)
        if (settled := fold.feed(event)) is not None:
            schedule.observe(settled)
        if isinstance(event, ev.ClientHelloSeen):
            by = opened[event.connection_id]
            key = Key(
                listener=by.listener,
                client=by.client,
                host=event.sni or event.server_host or "",
                port=event.server_port or 0,
                stack=event.stack,
            )
            decided.append((event.connection_id, schedule.choose(key, event.connection_id, event.at_s)))
    return decided
