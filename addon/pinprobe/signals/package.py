"""What signals ask of the app's package: whether it was read, and what it says of the host. Pure."""

from pinprobe import events as ev
from pinprobe.evidence import DECLARED_STANDINGS, Standing, package_of, standing_of, trusts_ours
from pinprobe.libraries import Library, known
from pinprobe.signals.card import Answer, Asked, unknown

NO_PACKAGE = "needs the app's package: --set pinprobe_apk=FILE"
ANOTHERS = "needs this app's package: the one that was given is another app's"
MAYBE_ANOTHERS = "the device speaks to this host by itself: what another program does, this package does not decide"
CERTIFICATE_UNKNOWN = 46
"""RFC 8446, section 6: what Android's own TLS answers, whether the chain, a pin or Certificate Transparency failed."""

__all__ = [
    "CERTIFICATE_UNKNOWN",
    "DECLARED_STANDINGS",
    "MAYBE_ANOTHERS",
    "NO_PACKAGE",
    "any_app_of",
    "app_of",
    "host_of",
    "libraries_of",
    "not_read",
    "not_whole",
    "platform_refusals",
    "standing_here",
    "trusted_here",
]


def app_of(asked: Asked) -> ev.AppDeclared | None:
    """What the package says; None where none of this app was read."""
    return package_of(asked.evidence, asked.endpoint.endpoint.app_id)


def any_app_of(asked: Asked) -> ev.AppDeclared | None:
    """What the package that was given says, be it another app's: for what only ever takes sureness away."""
    return asked.evidence.declared.get(asked.endpoint.endpoint.app_id)


def host_of(asked: Asked) -> ev.HostDeclared | None:
    """The configuration for this host; None where no package was read, or it was not resolved for this host."""
    name = asked.endpoint.endpoint
    return asked.evidence.hosts_declared.get((name.app_id, name.host)) if app_of(asked) is not None else None


def not_read(asked: Asked) -> Answer:
    """Why nothing is known of this host's configuration."""
    if app_of(asked) is not None:
        return unknown("the configuration was not resolved for this host")
    return unknown(NO_PACKAGE if any_app_of(asked) is None else ANOTHERS)


def standing_here(asked: Asked, host: ev.HostDeclared) -> Standing:
    """Whether the declared pins bind, or why not."""
    return standing_of(host, app_of(asked), asked.evidence.session)


def trusted_here(asked: Asked, host: ev.HostDeclared) -> bool | None:
    """Whether the configuration trusts our CA for this host; None where nobody said where it is."""
    return trusts_ours(host, asked.evidence.session)


def libraries_of(app: ev.AppDeclared) -> list[Library]:
    """The known libraries whose marks the package bears."""
    return known(app.libraries)


def not_whole(app: ev.AppDeclared) -> str:
    """Why the absence of something proves nothing; empty where the package was read whole."""
    hiding = next((one for one in app.problems if not _is_of_config_alone(one, app)), None)
    return "" if hiding is None else f"not all of the package could be read: {hiding}"


def _is_of_config_alone(problem: str, app: ev.AppDeclared) -> bool:
    """Whether it is about what the Network Security Config says, where no code is: met there, and nowhere else."""
    return bool(app.nsc) and problem.startswith(f"{app.nsc}: ") and not problem.endswith(" more)")


def platform_refusals(asked: Asked) -> bool:
    """Whether this stack's refusals may be the platform's own TLS: inside the handshake, all by its one alert."""
    stack = asked.stack
    alerts = stack.alerts("trusted_ca")
    return stack.refusals == stack.refusals_in_handshake and set(alerts) <= {CERTIFICATE_UNKNOWN}
