"""The ways in which apps degrade silently, as data: each beside innocent twins that look alike and must stay silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

SUBJECT, CANARY, OTHER = "subject.shop.test", "canary.shop.test", "other.shop.test"
COLLECTOR, OCSP = "reports.collector.test", "ocsp.shop.test"
CDN = tuple(f"host{number:03}.crowd.test" for number in range(3))

VISIT_S = 2.1
"""Between visits that count apart: connections within two seconds are one."""


@dataclass(frozen=True, slots=True)
class Run:
    """One client at work."""

    client: str
    technique: str = "none"
    attempts: int = 24
    more: Mapping[str, Any] = field(default_factory=dict)
    flaky: bool = False
    """Through a network that resets and stalls some connections."""


Step = tuple[Run, ...] | str | float
"""Clients side by side, a phase to mark, or seconds to wait."""
Play = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """What one or more clients do in one session of the proxy."""

    id: str
    play: Play
    fires: str | None = None
    """The signal that must be present; None for an innocent, where none may be."""
    place: tuple[str, int] = (SUBJECT, 443)
    beside: frozenset[str] = frozenset()
    """Other signals that are true of the same deed."""
    phase: str = "test"
    verdict: str | None = None


def run(client: str, technique: str = "none", attempts: int = 24, *, flaky: bool = False, **more: Any) -> Run:
    # A request that can be recognised: a bare look at "/" is no exchange that anybody would compare.
    more.setdefault("path", "/v1/items?page=1")
    return Run(client, technique, attempts, more, flaky)


def alone(*runs: Run) -> Play:
    return (runs,)


THREE = ("python_ssl", "curl", "okhttp")


def _fallbacks() -> Iterator[Scene]:
    for client in THREE:
        yield Scene(f"{client}: http after a refusal", alone(run(client, "fallback")), "cleartext_fallback")
        yield Scene(
            f"{client}: another host after a refusal",
            alone(run(client, "fallback-host", other_host=OTHER)),
            "same_exchange_elsewhere",
            beside=frozenset({"host_fallback"}),
        )
        yield Scene(
            f"{client}: another port after a refusal",
            alone(run(client, "fallback-port", other_port=8443)),
            "protocol_fallback",
        )
        yield Scene(f"{client}: pinned, and nothing else", alone(run(client, "pin")))
        yield Scene(
            f"{client}: pinned, another part of the app elsewhere",
            alone(run(client, "pin"), run(client, host=OTHER), run(client, port=8443)),
        )
    yield Scene("http after every attempt", alone(run("python_ssl", "cleartext-always")))
    yield Scene("another host after every attempt", alone(run("python_ssl", "visits-others", other_host=OTHER)))
    yield Scene("OCSP, CRL and portal checks after a refusal", alone(run("python_ssl", "revokes", other_host=OCSP)))
    yield Scene(
        "a portal check over TLS after a refusal",
        alone(run("python_ssl", "fallback-host", other_host=OTHER, path="/generate_204")),
    )
    rotating = run("python_ssl", host=CDN[0], hosts=",".join(CDN[1:]), attempts=12)
    yield Scene(
        "CDN hosts that the control knows",
        ((rotating, run("python_ssl", "pin", 6)), "test", (run("python_ssl", "pin"), rotating)),
        phase="control",
    )


def _changes_of_mind() -> Iterator[Scene]:
    for client in THREE:
        yield Scene(
            f"{client}: refuses at first, then accepts", alone(run(client, "relents", 36, times=6)), "gave_up_checking"
        )
        yield Scene(
            f"{client}: pins from the third connection on", alone(run(client, "hardens", times=2)), "late_enforcement"
        )
        yield Scene(
            f"{client}: pins the login, not the images", alone(run(client, "two-clients", 64)), "mixed_outcomes"
        )
        yield Scene(f"{client}: no pin", alone(run(client)), verdict="unpinned")
        yield Scene(f"{client}: no pin, a flaky network", alone(run(client, attempts=30, flaky=True, timeout_s=2.0)))
        yield Scene(f"{client}: pinned, a flaky network", alone(run(client, "pin", 30, flaky=True, timeout_s=2.0)))
    # JSSE pads its records of TLS 1.3, so that a relayed connection seems to carry more.
    often = run("okhttp", attempts=40, alpn="h2", tls="1.3", pause_s=0.0)
    yield Scene("okhttp: no pin, seen often", alone(often), verdict="unpinned")
    yield Scene(
        "a second stack takes over",
        ((run("python_ssl", "pin", 16),), (run("curl", attempts=6),)),
        "second_stack",
    )
    yield Scene(
        "one of two stacks is pinned",
        ((run("curl", attempts=3),), (run("python_ssl", "pin", 16), run("curl", attempts=6))),
        "mixed_by_stack",
    )
    yield Scene("two stacks, two hosts", alone(run("python_ssl", "pin"), run("curl", host=OTHER)))


def _reports() -> Iterator[Scene]:
    to: dict[str, Any] = {"report_host": COLLECTOR}
    for format in ("trustkit", "hpkp", "expect-ct"):
        yield Scene(
            f"python_ssl: reports a failed pin ({format}) and carries on",
            alone(run("python_ssl", "reports", 8, report_format=format, **to)),
            "report_only",
        )
    yield Scene("okhttp: reports a failed pin and carries on", alone(run("okhttp", "reports", 8, **to)), "report_only")
    yield Scene("reports a failed pin, and enforces it", alone(run("python_ssl", "pin-reports", 12, **to)))
    yield Scene("posts analytics that name the host", alone(run("python_ssl", "posts-json", 12, **to)))


def _late_checks() -> Iterator[Scene]:
    for client in ("python_ssl", "okhttp"):
        for alpn in ("http/1.1", "h2"):
            how: dict[str, Any] = {"keep": 6, "alpn": alpn}
            yield Scene(f"{client}: asks first, {alpn}", alone(run(client, "leaks", 40, **how)), "leaked_before_check")
            yield Scene(f"{client}: asks six times, {alpn}", alone(run(client, attempts=24, **how)))
    yield Scene("asks once, whatever happens", alone(run("python_ssl", attempts=40)), verdict="unpinned")
    yield Scene("an origin that fails", alone(run("python_ssl", "leaks", 40, keep=6, path="/status/503")))


def _silence() -> Iterator[Scene]:
    for technique, fires in (("mutes", "silent_where_control_talks"), ("preconnects", None), ("mutes-always", None)):
        yield Scene(
            f"{technique}, also where relayed",
            alone(run("python_ssl", technique, 12, pause_s=VISIT_S, hold_s=11.0)),
            fires,
        )


def _pace() -> Iterator[Scene]:
    for client in THREE:
        yield Scene(
            f"{client}: tries again at once, and again",
            alone(run(client, "storms", 10, times=6, pause_s=2.5)),
            "retry_storm",
        )
        yield Scene(f"{client}: busy, and pinned", alone(run(client, "pin", 20, pause_s=0.2)))


def _phases() -> Iterator[Scene]:
    often, seldom = (run("python_ssl", attempts=n, pause_s=VISIT_S, host=CANARY) for n in (11, 1))
    yield Scene(
        "fewer requests than in the control",
        ((often,), "test", (seldom,), 22.0),
        "less_traffic_than_control",
        (CANARY, 443),
        phase="control",
    )
    yield Scene("as many requests as in the control", ((often,), "test", (often,)), phase="control")
    rounds: dict[str, Any] = {"hosts": CANARY, "pause_s": VISIT_S / 2}
    yield Scene(
        "cached data, and no traffic at all",
        ((run("python_ssl", "stops", 20, **rounds),), "test", (run("python_ssl", "stops", 20, **rounds),), 22.0),
        "missing_endpoints",
        (CANARY, 443),
        phase="control",
    )
    yield Scene(
        "goes round its hosts in both phases",
        ((run("python_ssl", attempts=20, **rounds),), "test", (run("python_ssl", attempts=20, **rounds),)),
        phase="control",
    )


SCENES: tuple[Scene, ...] = (
    # The long ones first: they mostly wait, and run beside the others.
    *_phases(),
    *_silence(),
    *_pace(),
    *_fallbacks(),
    *_changes_of_mind(),
    *_reports(),
    *_late_checks(),
    Scene("one connection for two hosts", alone(run("python_ssl", "coalesce", 8, alpn="h2", hosts=CANARY))),
    Scene("spare sockets beside data", alone(run("python_ssl", "idle", 8, hold_s=0.3), run("python_ssl", attempts=20))),
)
