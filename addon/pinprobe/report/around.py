"""Notices on ways around the proxy: QUIC, and libraries that take no notice of a proxy. Pure."""

from collections.abc import Iterator, Sequence

from pinprobe.evidence import Evidence
from pinprobe.findings import Level
from pinprobe.libraries import LIBRARIES
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.verdicts import Judgement

NAMED = 5
"""Hosts that a notice names."""
WHOLE = frozenset({"wireguard", "transparent", "local", "tun"})
"""Kinds of listeners that traffic reaches whether it heeds a proxy or not."""

Said = tuple[str, Level, str]


def quic_said(evidence: Evidence) -> Iterator[Said]:
    """What became of QUIC, as id, level and text."""
    if evidence.quic_blocked:
        yield (
            "quic_blocked",
            Level.NOTE,
            f"QUIC was blocked ({evidence.quic_blocked}×{_where(evidence)}), so that clients fall back to TCP, which is "
            "tested. What has no connection over TCP beside it did not fall back, and is not tested.",
        )
    if passed := evidence.quic - evidence.quic_blocked:
        yield (
            "quic_seen",
            Level.WARNING,
            f"QUIC was let pass ({passed}×{_where(evidence)}), and what went over it is not tested. pinprobe_quic=block "
            "makes clients fall back to TCP, where it sees them.",
        )


def _where(evidence: Evidence) -> str:
    hosts = sorted({endpoint.host for endpoint, about in evidence.endpoints.items() if about.datagrams})
    if not hosts:
        return ""
    more = f" and {len(hosts) - NAMED} more" if len(hosts) > NAMED else ""
    return ", to " + ", ".join(safe_text(host, NAME_LIMIT) for host in hosts[:NAMED]) + more


def ignoring(evidence: Evidence) -> tuple[str, ...]:
    """Libraries of the app's package that take no notice of the device's proxy, by their titles."""
    declared = evidence.declared.get(evidence.session.app_id or "") if evidence.session is not None else None
    found = declared.libraries if declared is not None else ()
    return tuple(library.title for library in LIBRARIES if library.ignores_proxy and library.id in found)


def past_said(evidence: Evidence) -> Iterator[Said]:
    """What the device's own table shows to go past the proxy."""
    app_id = evidence.session.app_id if evidence.session is not None else None
    sockets = evidence.around.get(app_id or "", 0)
    if not sockets:
        return
    titles = ignoring(evidence)
    why = f"; its package has {' and '.join(titles)}, which takes no notice of proxies" if titles else ""
    yield (
        "goes_around",
        Level.WARNING,
        f"The device's socket table shows {sockets} connection{'s' * (sockets != 1)} of the app to port 443 that "
        f"{'go' if sockets != 1 else 'goes'} past the proxy{why}: what they carry is not tested. mitmproxy's WireGuard mode "
        "sees it (pinprobe run --via wireguard).",
    )


def ignoring_said(evidence: Evidence, judgements: Sequence[Judgement]) -> Iterator[Said]:
    """Where the package has such a library and its traffic would not come here."""
    titles = ignoring(evidence)
    if not titles or evidence.ways.keys() & WHOLE:
        return
    named = f"The app's package has {' and '.join(titles)}, which take{'s' * (len(titles) == 1)} no notice of the device's proxy"
    yield (
        "ignores_proxy",
        Level.WARNING,
        (
            f"{named}: what it sends may not be among these connections."
            if judgements
            else f"{named}, and no connection came."
        )
        + " mitmproxy's WireGuard mode sees it (pinprobe run --via wireguard).",
    )
