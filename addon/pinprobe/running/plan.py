"""What is to be done: the sessions of a run, and what each of them needs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
PROXY, WIREGUARD = "proxy", "wireguard"
VIA = (PROXY, WIREGUARD)
PORTS: Mapping[str, int] = {PROXY: 8080, WIREGUARD: 51820}
IDLE, CONTROL, TEST = "idle", "control", "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One session's part in an experiment."""

    id: str
    store: str
    """Where the CA is put: none, user or system."""
    phases: tuple[str, ...]
    """In which the app is used."""
    says: str


PARTS: Mapping[str, Part] = {
    part.id: part
    for part in (
        Part(id="R0", store="none", phases=(CONTROL,), says="everything relayed, no CA installed"),
        Part(id="R1", store="none", phases=(CONTROL, TEST), says="the CA in no store"),
        Part(id="R2", store="user", phases=(CONTROL, TEST), says="the CA in the user store"),
        Part(id="R3", store="system", phases=(CONTROL, TEST), says="the CA in the system store"),
    )
}
BY_STORE: Mapping[str, str] = {"none": "R1", "user": "R2", "system": "R3"}
AUTO = "auto"
STORES = (AUTO, *BY_STORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the user asked for."""

    package: str
    parts: tuple[Part, ...]
    idle_s: float
    seconds: float
    """Of each phase in which the app is used."""
    explore: str
    """monkey or none."""
    via: str
    """proxy or wireguard."""
    port: int
    anywhere: bool
    """The proxy listens on all addresses: a device that is no emulator reaches a WireGuard listener over the network."""
    reports: Path
    confdir: Path
    clear: bool
    by_hand: bool
    """The CA is in the user store already, put there by hand: it is neither installed nor removed."""
    options: tuple[tuple[str, str], ...]
    """More options of the proxy, as name and value."""
    arguments: tuple[str, ...]
    """For mitmdump, as they are."""

    @property
    def listening(self) -> tuple[str, ...]:
        """How the proxy listens: for emulators and `adb reverse` on loopback alone."""
        mode = () if self.via == PROXY else ("--mode", f"wireguard:{self.keys}@{self.port}")
        return (*mode, *(() if self.anywhere else ("--listen-host", LOOPBACK)), "--listen-port", str(self.port))

    @property
    def keys(self) -> Path:
        """The keys of the app's WireGuard listener, which `wireguard-on` uses as well."""
        return self.confdir / f"wireguard-{self.package}.json"

    def own_word(self, option: str) -> str | None:
        """What the user gave by --set for an option of the proxy's."""
        given = dict(word.partition("=")[::2] for word in self.arguments)
        return given.get(option)

    @property
    def takes_s(self) -> float:
        """About how long it takes."""
        return sum(self.idle_s + len(part.phases) * self.seconds for part in self.parts)


def parts_of(runs: tuple[str, ...], store: str, *, root: bool) -> tuple[Part, ...]:
    """The sessions: those that were asked for, else one by the store; `auto` is the system's where there is root."""
    if runs:
        return tuple(PARTS[one] for one in runs)
    chosen = ("system" if root else "user") if store == AUTO else store
    return (PARTS[BY_STORE[chosen]],)
