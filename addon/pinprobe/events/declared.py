"""What an app's package declares, as facts: of the app, of each host that was contacted, and of its log."""

import re
from dataclasses import dataclass

from pinprobe.events.base import ConnectionEvent, Event

_PACKAGE_ID = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+", re.ASCII)
"""As Android wants it; any other name of an app is a mere label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredPins:
    """One set of pins that the app's configuration gives to a domain."""

    domain: str
    """As written, lower case: `*.example.com` too, which never matches."""
    include_subdomains: bool
    source: str
    """nsc (Network Security Config) or trustkit."""
    pins: tuple[str, ...]
    """pin_sha256 form, as written."""
    expires_s: float | None
    """00:00 UTC of the expiration date; Android takes the device's time zone."""
    enforced: bool
    """False for TrustKit's report-only mode, its default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePin:
    """A pin-shaped string in the app's code or data. Presence is not use."""

    algorithm: str
    """sha256 or sha1."""
    pin: str
    """Base64, without its prefix."""
    where: str
    """The entry of the package, such as classes.dex."""
    host: str
    """A host name that stands right beside it; empty where none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedCertificate:
    """A certificate in the package."""

    subject: str
    pin_sha256: str
    not_after_s: float
    is_ca: bool
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppDeclared(Event):
    """What the app's package says, read once when the session begins."""

    app_id: str
    """Whose endpoints it is about: the session's app, else the package's own name."""
    package: str
    version_name: str
    version_code: int | None
    min_sdk: int | None
    target_sdk: int | None
    debuggable: bool
    apk_sha256: str
    """Hex; of several files over their sorted digests."""
    nsc: str
    """The entry that holds the Network Security Config; empty where the app has none."""
    cleartext: bool
    """Whether the base configuration permits it."""
    user_cas: bool
    """Whether the base configuration trusts user-added CAs in this build."""
    debug_user_cas: bool
    """Whether debug-overrides trust them, which binds debuggable builds only."""
    pin_sets: tuple[DeclaredPins, ...]
    code_pins: tuple[CodePin, ...]
    certificates: tuple[EmbeddedCertificate, ...]
    libraries: tuple[str, ...]
    """Ids of pinning and TLS libraries whose marks were found."""
    problems: tuple[str, ...]
    """What could not be read, or is not as Android wants it, in words."""

    @property
    def of_another_app(self) -> bool:
        """Whether the app under test is named by another package's id; a mere label says nothing."""
        return bool(self.package) and self.package != self.app_id and bool(_PACKAGE_ID.fullmatch(self.app_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class HostDeclared(Event):
    """The configuration that Android would hold for a host, resolved when the host was first seen."""

    app_id: str
    host: str
    config: str
    """Which one: `domain-config example.com`, `base-config`, or `platform default`."""
    anchors: tuple[str, ...]
    """Trust anchors in force, sorted: system, user, or raw:PIN for a certificate of the app's own; raw:unknown for one
    that could not be read."""
    overrides: tuple[str, ...]
    """Those of the anchors whose chains are exempt from pins (overridePins)."""
    pins: tuple[str, ...]
    """pin_sha256 form; what Android resolves for this host, whether expired or not."""
    expires_s: float | None
    report_only: bool
    """True where TrustKit's configuration for the host reports and does not enforce."""
    meant_pins: tuple[str, ...]
    """Pins that the configuration seems to mean for this host, and that do not reach it."""
    meant_why: str
    """Why they do not: shadowed or never_matches; empty where there are none."""
    ct: str
    """Certificate Transparency by this configuration: on, off, or default (then the platform decides)."""
    cleartext: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PinMaterialSeen(ConnectionEvent):
    """A decrypted answer carried pin-shaped strings: that, from where and how many. None of them is kept."""

    host: str
    port: int
    kind: str
    """strings, or document where they stand in a set of pins by name."""
    count: int


APP_LOG = "app log"
"""Where a ToolFailed is from that is not our own error: the app's log could not be read."""
PACKAGE = "app package"
"""Likewise: the app's package could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosticSeen(Event):
    """A line of the app's own log named the cause of a failed connection; which cause, and no more of it."""

    app_id: str
    cause: str
    """pin, distrust, ct (Certificate Transparency) or hostname."""
    host: str | None
    """Where the line names one."""
