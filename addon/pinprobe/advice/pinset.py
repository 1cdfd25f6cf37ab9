"""From what hosts served to the pin sets worth shipping, with what speaks against them. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from pinprobe.advice.cautions import CAUTIONS, Case, Caution
from pinprobe.advice.expiry import ends_on
from pinprobe.advice.issuers import Issued, issued_by
from pinprobe.advice.names import is_below, why_not
from pinprobe.advice.pin import Pin, Role, is_pin
from pinprobe.advice.served import Served
from pinprobe.thresholds import PINS_END_BEFORE_DAYS

ENDS_TOO_SOON = (
    f"the CA that issues its certificates ends within {PINS_END_BEFORE_DAYS} days, or has ended: wait until its "
    "successor is in use, then ask again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A name that pins are given to. One that could break out of a snippet cannot be built."""

    name: str
    include_subdomains: bool
    hosts: tuple[str, ...]
    """Those seen that it covers."""

    def __post_init__(self) -> None:
        if why := why_not(self.name):
            raise ValueError(f"{self.name!r}: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PinSet:
    """Domains that are given the same pins."""

    domains: tuple[Domain, ...]
    issuers: tuple[Pin, ...]
    own: tuple[Pin, ...]
    """Backups of the developer's own."""
    roots: tuple[Pin, ...]
    """Backups for want of better ones."""
    ends_on: str
    """The day from which on the pins no longer hold, such as 2027-05-01."""

    @property
    def backups(self) -> tuple[Pin, ...]:
        """What stands beside the issuers where any key of the chain may match."""
        return self.own or self.roots


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A host that no pins are advised for."""

    host: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A caution, and where it applies."""

    caution: Caution
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The pin sets, what was refused, and what to think of first."""

    sets: tuple[PinSet, ...]
    refused: tuple[Refused, ...]
    warned: tuple[Warned, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    served: Served
    issued: Issued
    ends_on: str
    why_not: str

    @property
    def same(self) -> tuple[object, ...]:
        """Plans that agree here can share a set."""
        pins = tuple(sorted(pin.pin_sha256 for pin in part) for part in (self.issued.issuers, self.issued.roots))
        return (*map(tuple, pins), self.ends_on)


def advise(
    served: Iterable[Served], *, made_s: float, own: Sequence[str] = (), asked: Collection[str] | None = None
) -> Advice:
    """Pin sets for the hosts asked about (all, unless named); `served` is everything that was seen of the app.

    `own` are pins of the developer's own keys, `made_s` is when the chains were seen. A host may stand in `served`
    several times, once for each port.
    """
    plans = {one.host: _plan(one, made_s) for one in _by_host(served)}
    wanted = [plan for host, plan in plans.items() if asked is None or host in asked]
    usable = [plan for plan in wanted if not plan.why_not]
    domains = _domains(usable, plans.values())
    wide = {host for domain, _ in domains if domain.include_subdomains for host in domain.hosts}
    sets: dict[tuple[object, ...], tuple[_Plan, list[Domain]]] = {}
    for domain, plan in domains:
        sets.setdefault(plan.same, (plan, []))[1].append(domain)
    return Advice(
        sets=tuple(_set(plan, tuple(named), own) for plan, named in sets.values()),
        refused=tuple(Refused(host=plan.served.host, why=plan.why_not) for plan in wanted if plan.why_not),
        warned=tuple(_warned(usable, _own(usable, own), wide)),
    )


def _by_host(served: Iterable[Served]) -> list[Served]:
    found: dict[str, Served] = {}
    for one in served:
        before = found.get(one.host)
        chains = one.chains if before is None else (*before.chains, *one.chains)
        found[one.host] = Served(host=one.host, domain=one.domain, chains=chains, others=one.others)
    return list(found.values())


def _plan(served: Served, made_s: float) -> _Plan:
    issued = issued_by(served.chains)
    why = why_not(served.host) or issued.why_not
    ends = "" if why else ends_on(issued.issuers, made_s)
    return _Plan(served=served, issued=issued, ends_on=ends, why_not=why or ("" if ends else ENDS_TOO_SOON))


def _domains(usable: Sequence[_Plan], seen: Iterable[_Plan]) -> list[tuple[Domain, _Plan]]:
    """One entry for a whole domain where all that was seen of it agrees, else one for each host."""
    below: dict[str, list[_Plan]] = {}
    for plan in seen:
        if is_below(plan.served.host, plan.served.domain):
            below.setdefault(plan.served.domain, []).append(plan)
    whole = {name: _whole(name, family) for name, family in below.items()}
    found: dict[str, tuple[Domain, _Plan]] = {}
    for plan in usable:
        host = plan.served.host
        alone = Domain(name=host, include_subdomains=False, hosts=(host,))
        domain = whole.get(plan.served.domain) if is_below(host, plan.served.domain) else None
        domain = domain or alone
        found.setdefault(domain.name, (domain, plan))
    return list(found.values())


def _whole(name: str, family: Sequence[_Plan]) -> Domain | None:
    """The domain with all names below it, if several were seen there and none differs."""
    if len(family) < 2 or "." not in name or why_not(name):
        return None
    first = family[0].same
    if any(plan.why_not or plan.served.others or plan.same != first for plan in family):
        return None
    return Domain(name=name, include_subdomains=True, hosts=tuple(plan.served.host for plan in family))


def _set(plan: _Plan, domains: tuple[Domain, ...], own: Sequence[str]) -> PinSet:
    return PinSet(
        domains=domains,
        issuers=plan.issued.issuers,
        own=tuple(Pin(pin_sha256=pin, role=Role.OWN) for pin in sorted(_own([plan], own))),
        roots=plan.issued.roots,
        ends_on=plan.ends_on,
    )


def _own(plans: Iterable[_Plan], own: Sequence[str]) -> frozenset[str]:
    """Backups, but for those that are pinned already, and for what is no pin: a journal may hold anything."""
    return frozenset(filter(is_pin, own)) - {pin.pin_sha256 for plan in plans for pin in plan.issued.issuers}


def _warned(usable: Sequence[_Plan], own: frozenset[str], wide: Collection[str]) -> Iterable[Warned]:
    cases = [Case(served=plan.served, issued=plan.issued, own=own, wide=plan.served.host in wide) for plan in usable]
    for caution in CAUTIONS:
        applies = caution.applies
        if applies is not None and (hosts := tuple(case.served.host for case in cases if applies(case))):
            yield Warned(caution=caution, hosts=hosts)
