"""Which configuration Android holds for a host, and what it says, everything inherited filled in. Pure.

Matching is Android's: the exact name first, else the longest domain with includeSubdomains. A pattern such as
`*.example.com` is a name like any other, which no host has.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pinprobe.declared.nsc import BASE, RAW, SYSTEM, USER, Anchor, Config, Domain, SecurityConfig

FIRST_WITH_CONFIG = 24
"""API level of Android 7.0, the first that reads the file."""
LAST_TRUSTING_USER_CAS = 23
LAST_PERMITTING_CLEARTEXT = 27
"""Target SDKs, of the platform's defaults."""
FIRST_WITH_CT = 36
FIRST_WITH_CT_BY_DEFAULT = 37
"""API levels; by default only for apps that target it."""

PLATFORM_DEFAULT = "platform default"
SHADOWED, NEVER_MATCHES = "shadowed", "never_matches"

Raw = Callable[[int], tuple[str, ...]]
"""Pins of the certificates that a resource holds; none where it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What decides defaults."""

    target_sdk: int
    debuggable: bool
    cleartext: bool | None
    """usesCleartextTraffic in the manifest, which counts only where there is no configuration."""
    api: int | None
    """The device's API level, where known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The fields of events.HostDeclared."""

    config: str
    anchors: tuple[str, ...]
    overrides: tuple[str, ...]
    pins: tuple[str, ...]
    expires_s: float | None
    report_only: bool
    meant_pins: tuple[str, ...]
    meant_why: str
    ct: str
    cleartext: bool


def resolve(file: SecurityConfig | None, host: str, build: Build, raw: Raw) -> Resolved:
    """What holds for this host; `host` is any spelling of it."""
    host = host.lower().removesuffix(".")
    if build.api is not None and build.api < FIRST_WITH_CONFIG:
        file = None
    found = None if file is None or not host else _match(file, host)
    config = found[1] if found is not None else None if file is None else file.base
    if config is None:
        label = PLATFORM_DEFAULT
    else:
        label = BASE if found is None else f"{config.kind} {found[0].name}"
    anchors = tuple(_labelled(_anchors(file, config, build), raw))
    pin_set = None if config is None else config.effective_pins
    pins = () if config is None else _pins(config)
    meant, why = _meant(file, host, config, bool(pins))
    return Resolved(
        config=label,
        anchors=tuple(sorted({name for name, _ in anchors})),
        overrides=tuple(sorted({name for name, overrides in anchors if overrides})),
        pins=pins,
        expires_s=None if pin_set is None or not pins else pin_set.expires_s,
        report_only=bool(pins) and file is not None and file.uses_trustkit and not _enforced(config),
        meant_pins=meant,
        meant_why=why,
        ct=_ct(file, config, build),
        cleartext=_cleartext(file, config, build),
    )


def base_of(file: SecurityConfig | None, build: Build, raw: Raw) -> Resolved:
    """What holds for hosts that no domain-config names."""
    return resolve(file, "", build, raw)


def debug_trusts_user_cas(file: SecurityConfig | None) -> bool:
    """Whether debug-overrides add the user's CAs, which binds debuggable builds only."""
    return file is not None and any(anchor.source == USER for anchor in _debug_anchors(file))


def _match(file: SecurityConfig, host: str) -> tuple[Domain, Config] | None:
    best: tuple[Domain, Config] | None = None
    for domain, config in _domains(file):
        if domain.name == host:
            return domain, config
        if _includes(domain, host) and (best is None or len(domain.name) > len(best[0].name)):
            best = domain, config
    return best


def _domains(file: SecurityConfig) -> Iterator[tuple[Domain, Config]]:
    return ((domain, config) for config in file.domains for domain in config.domains)


def _includes(domain: Domain, host: str) -> bool:
    return domain.include_subdomains and host.endswith(f".{domain.name}")


def _lineage(file: SecurityConfig | None, config: Config | None) -> Iterator[Config]:
    """The configuration, those around it, and the base; what none of them says, the platform's defaults say."""
    if config is not None:
        yield from config.lineage()
    if file is not None and file.base is not None and config is not file.base:
        yield file.base


def _anchors(file: SecurityConfig | None, config: Config | None, build: Build) -> tuple[Anchor, ...]:
    own = next((one.anchors for one in _lineage(file, config) if one.anchors is not None), None)
    if own is None:
        own = _default_anchors(build)
    return own + _added(file, build)


def _added(file: SecurityConfig | None, build: Build) -> tuple[Anchor, ...]:
    """What debug-overrides add to every list of anchors, the platform's default among them."""
    return _debug_anchors(file) if file is not None and build.debuggable else ()


def _debug_anchors(file: SecurityConfig) -> tuple[Anchor, ...]:
    return () if file.debug is None else file.debug.anchors or ()


def _default_anchors(build: Build) -> tuple[Anchor, ...]:
    old = build.target_sdk <= LAST_TRUSTING_USER_CAS or (build.api is not None and build.api < FIRST_WITH_CONFIG)
    return tuple(Anchor(source=source, overrides_pins=False) for source in ((SYSTEM, USER) if old else (SYSTEM,)))


def _labelled(anchors: tuple[Anchor, ...], raw: Raw) -> Iterator[tuple[str, bool]]:
    for anchor in anchors:
        if anchor.source == RAW:
            for pin in raw(anchor.resource) or ("unknown",):
                yield f"raw:{pin}", anchor.overrides_pins
        else:
            yield anchor.source, anchor.overrides_pins


def _cleartext(file: SecurityConfig | None, config: Config | None, build: Build) -> bool:
    default = build.target_sdk <= LAST_PERMITTING_CLEARTEXT
    if file is None:
        return default if build.cleartext is None else build.cleartext
    return next((one.cleartext for one in _lineage(file, config) if one.cleartext is not None), default)


def _ct(file: SecurityConfig | None, config: Config | None, build: Build) -> str:
    if build.api is not None and build.api < FIRST_WITH_CT:
        return "off"
    for one in _lineage(file, config):
        if one.ct is not None:
            return "on" if one.ct else "off"
        if one.anchors is not None and _exclude_ct(one.anchors + _added(file, build)):
            return "off"
    if _exclude_ct(_default_anchors(build) + _added(file, build)):
        return "off"
    if build.target_sdk < FIRST_WITH_CT_BY_DEFAULT:
        return "off"
    if build.api is None:
        return "default"
    return "on" if build.api >= FIRST_WITH_CT_BY_DEFAULT else "off"


def _exclude_ct(anchors: tuple[Anchor, ...]) -> bool:
    return any(anchor.excludes_ct for anchor in anchors)


def _enforced(config: Config | None) -> bool:
    return config is not None and config.enforced_by_trustkit


def _meant(file: SecurityConfig | None, host: str, config: Config | None, pinned: bool) -> tuple[tuple[str, ...], str]:
    """Pins that seem to be meant for a host without any, and why they do not reach it."""
    if file is None or pinned or not host:
        return (), ""
    if config is not None and any(one.pin_set is not None for one in config.lineage()):
        return (), ""  # an empty set says: none
    wider = [(domain, other) for domain, other in _domains(file) if _includes(domain, host) and _pins(other)]
    if wider:
        return _pins(max(wider, key=lambda one: len(one[0].name))[1]), SHADOWED
    for domain, other in _domains(file):
        if _pins(other) and _seems_to_mean(domain, host):
            return _pins(other), NEVER_MATCHES
    return (), ""


def _pins(config: Config) -> tuple[str, ...]:
    pin_set = config.effective_pins
    return () if pin_set is None else tuple(dict.fromkeys(pin_set.pins))


_ADDRESS_PARTS = re.compile(r"^[a-z][a-z0-9+.-]*://|[/?#].*$|:[0-9]*$", re.DOTALL)
"""What stands around a host's name in a URL."""
_LONGEST_NAME = 300
"""Characters; host names have 253 at most."""


def never_matches(domain: Domain) -> bool:
    """Whether no host has this name, and none lies below it."""
    return domain.name != _bare(domain.name)


def _bare(name: str) -> str:
    """The host's name in a pattern or URL: without wildcard, scheme, path, port, and dots around it."""
    if len(name) > _LONGEST_NAME:
        return name
    for _ in range(3):  # scheme, path and port, one inside the other
        name = _ADDRESS_PARTS.sub("", name)
    return re.sub(r"^\*{0,2}\.", "", name).removesuffix(".")


def _seems_to_mean(domain: Domain, host: str) -> bool:
    """Whether a name that no host has was written for this one: a wildcard, a URL, a dot too many."""
    bare = _bare(domain.name)
    if domain.name == bare:
        return False
    wildcard = domain.name.startswith(("*", "."))
    return (host == bare and not wildcard) or ((wildcard or domain.include_subdomains) and host.endswith(f".{bare}"))
