"""Clients before certificates that nobody should accept, as data: what is shown, and which of it they let pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tests.live.replay_hosts import KEYS, host

from pinprobe.probes import PROBES, STANDARD, Family

Tls = Literal["1.2", "1.3"]
TLS: tuple[Tls, Tls] = ("1.2", "1.3")

STANDARD_BAD = frozenset(plan.id for plan in STANDARD if plan.family is not Family.STUFFED)
ALL_BAD = STANDARD_BAD | {plan.id for plan in PROBES if plan.family is Family.BAD_CERTIFICATE}
JDK_PASSES = frozenset({"weak_key", "sha1_signature"})
"""The JDK looks at key size (below 1024) and digest only under the roots that it brings itself."""
SEARCHERS = frozenset({"pin-served", "manager"})
"""Pinners that search the served chain for their pin: OkHttp before 2.7.4, and a trust manager as many write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadCase:
    """One client, most of them on a device that trusts the CA."""

    client: str
    technique: str
    verdict: Literal["unpinned", "pinned"]
    rule: str = ""
    passes: frozenset[str] = frozenset()
    """Bad certificates that it accepts."""
    tls: Tls = "1.3"
    probes: Literal["standard", "all"] = "standard"
    trusts: bool = True

    @property
    def id(self) -> str:
        device = "" if self.trusts else "-distrusting"
        return f"{self.probes}-{self.client}-{self.technique}-tls{self.tls}{device}"

    @property
    def host(self) -> str:
        return host("leaf", KEYS[0])

    @property
    def shown(self) -> frozenset[str]:
        return ALL_BAD if self.probes == "all" else STANDARD_BAD

    @property
    def attempts(self) -> int:
        return 64 if self.probes == "all" else 40

    @property
    def searches_what_was_sent(self) -> bool:
        return self.technique in SEARCHERS


def _standard(tls: Tls) -> Iterator[BadCase]:
    for client in ("curl", "okhttp", "python_ssl", "aiohttp", "boringssl"):
        yield BadCase(
            client=client,
            technique="trust-all",
            verdict="unpinned",
            rule="accepts_untrusted",
            passes=STANDARD_BAD,
            tls=tls,
        )
    for client in ("curl", "okhttp", "python_ssl"):
        yield BadCase(client=client, technique="none", verdict="unpinned", rule="decrypted", tls=tls)
        yield BadCase(client=client, technique="pin", verdict="pinned", rule="refused_after_trust", tls=tls)
    yield BadCase(client="boringssl", technique="store", verdict="unpinned", rule="decrypted", tls=tls)
    yield BadCase(client="boringssl", technique="store-anchors", verdict="pinned", tls=tls)
    for technique in sorted(SEARCHERS):
        yield BadCase(client="okhttp", technique=technique, verdict="pinned", rule="bypassable_pin", tls=tls)


def _all() -> Iterator[BadCase]:
    for client in ("curl", "okhttp"):
        yield BadCase(
            client=client,
            technique="trust-all",
            verdict="unpinned",
            rule="accepts_untrusted",
            passes=ALL_BAD,
            probes="all",
        )
    for client in ("curl", "python_ssl"):
        yield BadCase(client=client, technique="none", verdict="unpinned", rule="decrypted", probes="all")
    yield BadCase(
        client="okhttp",
        technique="none",
        verdict="unpinned",
        rule="accepts_untrusted",
        passes=JDK_PASSES,
        probes="all",
    )
    for client in ("curl", "okhttp"):
        yield BadCase(client=client, technique="pin", verdict="pinned", rule="refused_after_trust", probes="all")
    yield BadCase(client="okhttp", technique="pin-served", verdict="pinned", rule="bypassable_pin", probes="all")


CASES: tuple[BadCase, ...] = (
    *(case for tls in TLS for case in _standard(tls)),
    *_all(),
    BadCase(client="okhttp", technique="none", verdict="pinned", rule="refused_cause_unproven", trusts=False),
)
