"""Clients before certificates that nobody should accept, as data: what is shown, and which of it they let pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tests.live.replay_hosts import KEYS, host

from pinprobe.probes import PROBES, STANDARD, Family

Tls = Literal["1.2", "1.3"]
Verdict = Literal["unpinned", "pinned"]

STANDARD_BAD = frozenset(plan.id for plan in STANDARD if plan.family is not Family.STUFFED)
BAD = STANDARD_BAD | {plan.id for plan in PROBES if plan.family is Family.BAD_CERTIFICATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class BadCase:
    """One client on a device that trusts the CA."""

    client: str
    technique: str
    passes: frozenset[str] = frozenset()
    """Bad certificates that it accepts."""
    verdict: Verdict
    rule: str = ""
    tls: Tls = "1.3"
    probes: Literal["standard", "all"] = "standard"
    what: str = "leaf"
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
        return BAD if self.probes == "all" else STANDARD_BAD

    @property
    def attempts(self) -> int:
        return 64 if self.probes == "all" else 40


# The JDK looks at key size and digest only below the roots that it brings itself; the C client leaves both to
# BoringSSL, which does not mind either. Neither is what the probe found, but what it is.
JDK_PASSES = frozenset({"weak_key", "sha1_signature"})


def _trusting_everything() -> Iterator[BadCase]:
    for client in ("curl", "okhttp", "python_ssl", "aiohttp", "boringssl"):
        for tls in ("1.2", "1.3"):
            yield BadCase(
                client=client,
                technique="trust-all",
                passes=STANDARD_BAD,
                verdict="unpinned",
                rule="accepts_untrusted",
                tls="1.2" if tls == "1.2" else "1.3",
            )
    for client in ("curl", "okhttp"):
        yield BadCase(
            client=client,
            technique="trust-all",
            passes=BAD,
            verdict="unpinned",
            rule="accepts_untrusted",
            probes="all",
        )


def _validating() -> Iterator[BadCase]:
    for client, pinning in (
        ("curl", "pin"),
        ("okhttp", "manager"),
        ("okhttp", "pin"),
        ("python_ssl", "pin"),
        ("boringssl", "store-anchors"),
    ):
        plain = "store" if client == "boringssl" else "none"
        good = BadCase(client=client, technique=plain, verdict="unpinned", rule="decrypted")
        pinned = BadCase(client=client, technique=pinning, verdict="pinned")
        for tls in ("1.2", "1.3"):
            version: Tls = "1.2" if tls == "1.2" else "1.3"
            if pinning != "manager":
                yield replace(good, tls=version)
            yield replace(pinned, tls=version)
    for client in ("curl", "python_ssl"):
        yield BadCase(client=client, technique="none", verdict="unpinned", rule="decrypted", probes="all")
        yield BadCase(client=client, technique="pin", verdict="pinned", probes="all")
    yield BadCase(
        client="okhttp",
        technique="none",
        passes=JDK_PASSES,
        verdict="unpinned",
        rule="accepts_untrusted",
        probes="all",
    )
    yield BadCase(client="okhttp", technique="pin", verdict="pinned", probes="all")
    yield BadCase(client="okhttp", technique="none", verdict="pinned", trusts=False)


def _old_pinners() -> Iterator[BadCase]:
    for tls in ("1.2", "1.3"):
        version: Tls = "1.2" if tls == "1.2" else "1.3"
        for probes in ("standard", "all"):
            yield BadCase(
                client="okhttp",
                technique="pin-served",
                verdict="pinned",
                rule="bypassable_pin",
                tls=version,
                probes="all" if probes == "all" else "standard",
            )


CASES: tuple[BadCase, ...] = (*_trusting_everything(), *_validating(), *_old_pinners())
