"""What a Network Security Config seems to mean and does not say: one sentence for each. Pure."""

from collections.abc import Iterator

from pinprobe.declared.nsc import Config, Domain, SecurityConfig
from pinprobe.declared.resolve import never_matches

_TRUSTKIT_LEAST = 2
"""Pins that TrustKit wants where it enforces."""


def oddities(file: SecurityConfig) -> Iterator[str]:
    """In the order of the file."""
    domains = [(domain, config) for config in file.domains for domain in config.domains]
    pinned = [(domain, config) for domain, config in domains if _has_pins(config)]
    for domain, config in domains:
        if never_matches(domain):
            yield f"the domain {domain.name} never matches a host: Android takes it literally, includeSubdomains is its wildcard"
        elif not _says_pins(config) and (wider := _shadowed(domain, pinned)):
            yield (
                f"the pins of {wider} do not reach {domain.name}: its own domain-config stands beside that one, not "
                "inside it, and has none"
            )
    for config in file.domains:
        few = config.effective_pins is not None and len(set(config.effective_pins.pins)) < _TRUSTKIT_LEAST
        if config.trustkit and config.enforced_by_trustkit and few:
            names = ", ".join(domain.name for domain in config.domains[:3])
            yield f"TrustKit refuses to enforce fewer than {_TRUSTKIT_LEAST} pins: {names}"


def _has_pins(config: Config) -> bool:
    return config.effective_pins is not None and bool(config.effective_pins.pins)


def _says_pins(config: Config) -> bool:
    """Whether it has a set, and be it an empty one: that is said on purpose."""
    return config.effective_pins is not None


def _shadowed(domain: Domain, pinned: list[tuple[Domain, Config]]) -> str | None:
    """The longest domain with pins that includes this one."""
    wider = [other.name for other, _ in pinned if other.include_subdomains and domain.name.endswith(f".{other.name}")]
    return max(wider, key=len, default=None)
