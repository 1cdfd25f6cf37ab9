"""What can be observed on the wire and of the session: one frozen dataclass per fact.

The file is over 300 lines so that the vocabulary of the wire can be read in one place.
"""

from dataclasses import dataclass

from pinprobe.events.base import Certificate, ConnectionEvent, Event

SCHEMA_VERSION = 2
"""Of the journal and of the report. A reader refuses what is newer than itself.

Fields that came after the first version have a default, so that older journals stay readable."""

IDLE, CONTROL, TEST = "idle", "control", "test"
PHASES = (IDLE, CONTROL, TEST)
"""What a session does at a time: the device alone before the app starts; the app with everything relayed; the
experiment."""

UNATTRIBUTED = "unattributed"
"""App id of connections that no app is known for."""

CONTENT, REVOCATION, CONNECTIVITY = "content", "revocation", "connectivity"
"""What cleartext is for: anything; checks of certificates (OCSP, CRL, issuers); a device's look for a captive portal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted(Event):
    """The proxy began to observe: what it is, and what it was told."""

    schema_version: int
    session_id: str
    tool_version: str
    mitmproxy_version: str
    openssl_version: str
    python_version: str
    ca_pin_sha256: str
    app_id: str | None
    """Package id or label given by option; the attribution is then declared, not observed."""
    mode: str
    ca_store: str
    """Where the user says the device holds our CA: unknown, none, user or system."""
    first_party: tuple[str, ...]
    connection_strategy: str
    seed: int
    probes: tuple[str, ...]
    """Bad certificates and stuffed chains that were asked for."""
    contrasts: bool
    """Whether contrasts may be shown."""
    phase: str = TEST
    """One of PHASES: how the session begins."""
    label: str = ""
    """The user's word for this run, such as a version or a device."""
    device: str = ""
    """The device in words, such as its model; never a serial."""
    android_api: int | None = None
    """Its API level, where it is known."""
    backup_pins: tuple[str, ...] = ()
    """Pins of keys that no server uses yet, for the pin sets that the report advises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked(Event):
    """Another phase began."""

    phase: str
    source: str
    """option, command or file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(Event):
    """The proxy stopped observing: what was not seen until now was not there. Missing where it was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStopped(Event):
    """The journal reached its bound: but for errors of pinprobe itself, nothing later is in it. Told again as more is
    missing, and at the end."""

    since_s: float
    """What was seen from then on is missing; what was seen before is there."""
    bound_mb: int
    """Millions of bytes, by option."""
    missing: int
    """Events so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionOpened(ConnectionEvent):
    """A client connected to the proxy."""

    client: int
    """The device, as a number within the session; its address is not kept."""
    listener: str
    """mitmproxy's mode specification, such as `regular@8080`."""
    transport: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppAttributed(ConnectionEvent):
    """Whose connection it is, as far as something better than the session's option says."""

    app_id: str
    """UNATTRIBUTED where such a source is in use and cannot name the app: it is then not the option's either."""
    source_id: str
    """One of attribution.SOURCES; `none` where none of those in use could tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAgentSeen(ConnectionEvent):
    """A decrypted request's user agent named an app; that name, and no more of it.

    It comes after the outcome, and refusals carry none: a note, and never evidence.
    """

    app_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AroundSeen(Event):
    """The device's socket table shows sockets of an app that go to port 443 of others than the proxy."""

    app_id: str
    sockets: int
    """Different ones since the session began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionChecked(Event):
    """How a source that has to be asked is doing: all counts are of connections since the session began."""

    source_id: str
    asked: int
    named: int
    """An app was found."""
    away: int
    """The client's address is none of the device's own: address translation, or another device."""
    absent: int
    """The device had no such socket (any longer), or not one of a single app alone."""
    shared: int
    """Of the absent: several packages share the socket's user id."""
    late: int
    """The answer came after the time that facts are held back for it."""
    failed: int
    """It could not be asked."""
    error: str
    """Why, the latest; empty where it always could."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHelloSeen(ConnectionEvent):
    """The client began a TLS handshake."""

    sni: str | None
    server_host: str | None
    """The CONNECT or original destination."""
    server_port: int | None
    alpn_offers: tuple[str, ...]
    """Registered names, each once; all others are one, `unregistered`."""
    tls_versions_offered: tuple[str, ...]
    ja4: str
    stack: str
    """A fingerprint made like JA4, without the parts that differ between two uses of one TLS stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeApplied(ConnectionEvent):
    """Which certificate plan this connection was given, and the certificate really served (read back)."""

    probe_id: str
    leaf_sha256: str | None
    """Hex SHA-256 of the leaf's DER; None for a relay, which shows the server's own."""
    leaf_pin_sha256: str | None
    names_missing: bool
    """True where the leaf lacks a name of the server's own leaf."""
    as_planned: bool
    """False where another certificate than the planned one was served."""
    chain_id: str | None
    """The genuine chain that was replayed or stuffed in, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSent(ConnectionEvent):
    """Our flight with the certificate left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSent(ConnectionEvent):
    """The proxy itself refused the handshake (RFC 8446, section 6)."""

    description: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReceived(ConnectionEvent):
    """An alert of the client (RFC 8446, section 6): level 1 is warning, 2 fatal."""

    level: int
    description: int
    after_established: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerChainSeen(ConnectionEvent):
    """The real server answered: its chain, and what it negotiated with the proxy."""

    host: str
    port: int
    chain_id: str
    chain: tuple[Certificate, ...]
    """Leaf first, as sent; empty when this `chain_id` was journalled before."""
    tls_version: str | None
    alpn: str | None
    client_certificate_requested: bool
    root: Certificate | None = None
    """The trusted root that the chain ends in, where it is known and was not sent; told with the chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFailed(ConnectionEvent):
    """The real server could not be reached or trusted."""

    host: str | None
    port: int | None
    stage: str
    """connect or tls."""
    error: str
    """mitmproxy's words, without the bytes that they quote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandshakeEstablished(ConnectionEvent):
    """The client finished the handshake under our certificate. It has not yet sent anything."""

    tls_version: str
    alpn: str | None
    cipher: str
    resumed: bool
    """A resumed handshake shows the client no certificate, so it is never evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandshakeFailed(ConnectionEvent):
    """The handshake with the client ended without success."""

    certificate_sent: bool
    tls_version: str | None
    """What was negotiated, as far as it got."""
    error: str
    """mitmproxy's words, without the bytes that they quote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDataSeen(ConnectionEvent):
    """The client's first application bytes under our certificate."""

    protocol: str
    """http/1, h2 or other."""
    preface_only: bool
    """True while there is nothing but the HTTP/2 connection preface (RFC 9113, section 3.4) and its settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSeen(ConnectionEvent):
    """A decrypted HTTP request: for whom, and nothing else."""

    authority_host: str
    authority_port: int
    purpose: str = CONTENT
    """As of cleartext: what it is for, by its shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSeen(ConnectionEvent):
    """A decrypted answer of the real server: its status code, and nothing else. Told once per code and connection."""

    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRepeated(ConnectionEvent):
    """This connection's request is that of an earlier one, to whatever host: compared in memory, never kept."""

    earlier_connection_id: int
    """The first one that made it, as far as is remembered: repetitions of one exchange name the same connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinReportSeen(ConnectionEvent):
    """The client sent a report of a failed pin or Certificate Transparency check; whose, and no more of it."""

    format: str
    """trustkit, hpkp (RFC 7469, section 3) or expect-ct (RFC 9163, section 3.1)."""
    host: str
    """The host that the report is about."""
    enforced: bool | None
    """What the report says of itself, where its format does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHeaderSeen(ConnectionEvent):
    """A decrypted answer carried a pinning or transparency header that browsers have given up."""

    host: str
    port: int
    header: str
    """Lower case, such as public-key-pins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relayed(ConnectionEvent):
    """An untouched connection, read by its record types and lengths alone."""

    worked: bool | None
    """True when data went both ways, False when the client refused, None when it ended too early to tell."""
    tls_version: str | None
    client_records: tuple[str, ...]
    """The first eight, as type:length."""
    server_records: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionClosed(ConnectionEvent):
    """The attempt is over, or will not be waited for any longer."""

    closed_by: str
    """client, proxy, timer (still open, and silent for long) or shutdown."""
    client_bytes: int
    """Application bytes from the client after the handshake; for a relay, estimated from its record lengths."""
    server_bytes: int
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CleartextSeen(ConnectionEvent):
    """Traffic without TLS."""

    host: str
    port: int
    protocol: str
    """http or tcp."""
    purpose: str = CONTENT
    """What it is for, by the shape of the request: CONTENT, REVOCATION or CONNECTIVITY."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatagramSeen(ConnectionEvent):
    """UDP to a host; `protocol` is quic or other."""

    host: str | None
    port: int | None
    protocol: str
    blocked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NameResolved(Event):
    """A client asked the proxy for the addresses of a name."""

    client: int
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKnown(Event):
    """What the catalog says about a host."""

    host: str
    registrable_domain: str
    category: str | None
    vendor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayChainKnown(Event):
    """A genuine chain that was learnt, and whether it may be replayed to other endpoints."""

    chain_id: str
    host: str
    """Whose chain it is."""
    source: str
    """session, or file."""
    leaf_pin: str
    """pin_sha256 of the leaf: a renewed certificate for the same key is the same chain to a leaf pin."""
    issuer_pin: str | None
    """pin_sha256 of the key that issued the leaf, where its certificate is known."""
    marks: tuple[str, ...]
    """Short hashes of the keys, names and organisations of its authorities: chains without a common one are foreign."""
    public: bool | None
    """True where plain devices trust it, False where they do not, None where something else is wrong with it."""
    refused_because: str
    """Why it may not be replayed to other hosts; empty where it may."""
    own_refused_because: str
    """Why it may not even be replayed to its own host; empty where it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolFailed(Event):
    """An error of pinprobe itself. The connection went on; the report shows it as a notice."""

    where: str
    error: str


UNWRITTEN, WRITTEN_AGAIN, CLOCK_SET = "files not written", "files written again", "clock set"
"""Where a ToolFailed is from that is not our own error: the disk refuses, it takes again, the machine's clock was set.
Its words are for the reader as they are."""
