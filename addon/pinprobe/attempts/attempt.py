"""One connection of a client, judged by how it ended. Pure."""

from dataclasses import dataclass

from pinprobe.attempts.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Endpoint:
    """What a verdict is about."""

    app_id: str
    host: str
    """The SNI as an A-label, else the CONNECT or destination host, else the address; lower case, no final dot."""
    port: int
    transport: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One moment of an attempt, for the timeline."""

    ms: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One connection and how it ended."""

    connection_id: int
    endpoint: Endpoint
    client: int
    listener: str
    stack: str
    ja4: str
    probe_id: str
    leaf_pin_sha256: str | None
    """Of the certificate really shown; None for a relay."""
    chain_id: str | None
    """The genuine chain that was replayed or stuffed in, if any."""
    outcome: Outcome
    alert: int | None
    tls_version: str | None
    opened_s: float
    ended_s: float | None
    """None while the connection is open."""
    closed_by: str | None
    """Who ended it, as far as it has ended: client, proxy or shutdown."""
    trouble: bool
    """The real server answered a request with an error."""
    answered_s: float | None
    """When the real server answered a request first."""
    requests: int
    client_bytes: int
    """Application bytes from the client, once it is over; of a relay an estimate from record lengths."""
    protocol: str | None
    """Of the application data, where there was any: http/1, h2 or other."""
    name_doubt: bool
    tls_mismatch: tuple[str, ...]
    mutual_tls: bool
    upstream_error: str | None
    error: str | None
    line: int
    """The journal line that settled it."""
    moments: tuple[tuple[float, str], ...]
    """When, in Unix seconds, and what; the first few."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The timeline."""
        return tuple(Step(ms=round((at_s - self.opened_s) * 1000), what=what) for at_s, what in self.moments)
