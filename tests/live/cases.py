"""The live matrix as data: which client does what on which device, and what a right verdict may be.

Over 300 lines: it is one table, and its rows are compared with one another.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from standin.clients.boringssl import STAGES

Tls = Literal["any", "1.2", "1.3"]

BOTH: tuple[Tls, Tls] = ("1.2", "1.3")
APART: tuple[tuple[Tls, str], ...] = (("1.2", "http/1.1"), ("1.3", "h2"))
"""Version and protocol varied together, where varying them one by one would tell nothing more."""

Truth = Literal[
    "unpinned",  # the device trusts the CA, and the client looks at nothing else
    "pinned",  # the device trusts the CA, and the client refuses all the same
    "distrusts",  # no pin, but the device does not trust the CA
    "pinned_distrusting",  # both: nobody can tell the pin without more
    "no_validation",  # accepts anything
    "no_evidence",  # the client never came to judge our certificate, or fails with the real one too
    "degrades",  # refuses, and then does something weaker
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One app on one device: a subject host, and perhaps a canary of the same stack beside it."""

    client: str
    technique: str
    truth: Truth
    trusts: bool
    tls: Tls = "any"
    alpn: str = "http/1.1"
    pinned_to: Literal["leaf", "intermediate"] = "leaf"
    host: str = "subject.shop.test"
    """Which origin: the plain one, or one that is private, expired, mutual, slow or down."""
    canary: str = ""
    """Technique of a second client of the same kind, asking another host at the same time."""
    canary_trusts: bool | None = None
    """Whether that one trusts the CA, where it differs from the subject."""
    ca_store: str = ""
    """`pinprobe_ca_store`; empty: as the device is."""
    attempts: int = 12
    pause_s: float = 0.05
    timeout_s: float = 5.0
    hold_s: float = 0.0
    decidable: bool = True
    """False where a right tool cannot call it pinned: the real server fails as well, or asks for more."""

    @property
    def id(self) -> str:
        host = self.host.split(".")[0]
        parts = [
            self.client,
            self.technique if self.pinned_to == "leaf" else f"{self.technique}@{self.pinned_to}",
            "" if self.tls == "any" else f"tls{self.tls}",
            "h2" if self.alpn == "h2" else "",
            "" if host == "subject" else host,
            f"{self.hold_s:g}s" if self.hold_s else "",
            "trusting" if self.trusts else "distrusting",
            f"beside-{self.canary}" if self.canary else "",
            "" if self.canary_trusts is None else "of-others",
            self.ca_store,
        ]
        return "-".join(part for part in parts if part)

    @property
    def store(self) -> str:
        return self.ca_store or ("system" if self.trusts else "user")

    @property
    def counts_as_pinned(self) -> bool:
        """Whether it is one of those of which nine in ten must be called pinned, probable or better."""
        return self.truth == "pinned" and self.canary == "none" and self.decidable


def _both_devices(case: Case) -> Iterator[Case]:
    """A case as written, on a trusting device, and its twin on one that does not trust the CA."""
    yield case
    untrusted: dict[Truth, Truth] = {
        "unpinned": "distrusts",
        "pinned": "pinned_distrusting",
        "no_evidence": "no_evidence",
        "no_validation": "no_validation",
        "degrades": "pinned_distrusting",
    }
    yield replace(case, trusts=False, truth=untrusted[case.truth], canary="")


def _stack(client: str, techniques: dict[str, Truth], *, tls: Tls = "any", alpn: str = "http/1.1") -> Iterator[Case]:
    for name, truth in techniques.items():
        technique, _, element = name.partition("@")
        yield from _both_devices(
            Case(
                client=client,
                technique=technique,
                truth=truth,
                trusts=True,
                tls=tls,
                alpn=alpn,
                pinned_to="intermediate" if element else "leaf",
                host="private.shop.test" if technique.endswith("anchors") else "subject.shop.test",
                canary="none" if truth == "pinned" else "",
            )
        )


PYTHON: dict[str, Truth] = {
    "none": "unpinned",
    "pin": "pinned",
    "anchors": "pinned",
    "trust-all": "no_validation",
}
AIOHTTP: dict[str, Truth] = {"none": "unpinned", "pin": "pinned", "trust-all": "no_validation"}
OKHTTP: dict[str, Truth] = {
    "none": "unpinned",
    "pin": "pinned",
    "pin@intermediate": "pinned",
    "manager": "pinned",
    "manager@intermediate": "pinned",
    "anchors": "pinned",
    "trust-all": "no_validation",
}
BORINGSSL: dict[str, Truth] = {
    "none": "unpinned",
    "pin": "pinned",
    "pin@intermediate": "pinned",
    "post": "pinned",
    "anchors": "pinned",
    "trust-all": "no_validation",
    "refuses": "no_evidence",  # the real certificate too
}
# The X509 store says 48 where the verify callback says 46: its canary must be of its own kind.
BORINGSSL_STORE: dict[str, Truth] = {"store": "unpinned", "store-anchors": "pinned"}


def _stacks() -> Iterator[Case]:
    for tls in BOTH:
        yield from _stack("python_ssl", PYTHON, tls=tls)
        yield from _stack("aiohttp", AIOHTTP, tls=tls)
        for alpn in ("http/1.1", "h2"):
            yield from _stack("okhttp", OKHTTP, tls=tls, alpn=alpn)
    for tls, alpn in APART:
        yield from _stack("curl", PYTHON, tls=tls, alpn=alpn)
        yield from _stack("boringssl", BORINGSSL, tls=tls, alpn=alpn)
        for case in _stack("boringssl", BORINGSSL_STORE, tls=tls, alpn=alpn):
            yield replace(case, canary="store") if case.canary else case


def _leavers() -> Iterator[Case]:
    """Clients that go away at every stage, whatever the certificate: relayed, they go as well."""
    for how, stage in itertools.product(("fin", "rst"), STAGES):
        case = Case(
            client="boringssl",
            technique=f"{how}-{stage}",
            truth="no_evidence",
            trusts=True,
            tls="1.3" if how == "fin" else "1.2",
            canary="none",
        )
        yield from _both_devices(case)
    for technique, hold_s, attempts in (
        ("idle", 3.2, 4),
        ("idle", 0.2, 12),
        ("preface", 3.2, 4),
        ("preface", 0.2, 12),
        ("alert", 0.0, 12),
    ):
        case = Case(
            client="boringssl",
            technique=technique,
            truth="no_evidence",
            trusts=True,
            alpn="h2",
            hold_s=hold_s,
            attempts=attempts,
        )
        yield from _both_devices(case)
    yield from _both_devices(
        Case(
            client="python_ssl",
            technique="idle",
            truth="no_evidence",
            trusts=True,
            hold_s=3.2,
            attempts=4,
            canary="none",
        )
    )


def _bad_origins() -> Iterator[Case]:
    for client in ("python_ssl", "curl", "okhttp", "boringssl"):
        for host, timeout_s in (("down.shop.test", 5.0), ("slow.shop.test", 0.4)):
            case = Case(
                client=client,
                technique="none",
                truth="no_evidence",
                trusts=True,
                host=host,
                timeout_s=timeout_s,
                attempts=6,
            )
            yield from _both_devices(case)
    for client, technique, truth in (
        ("python_ssl", "none", "unpinned"),
        ("python_ssl", "pin", "pinned"),
        ("curl", "none", "unpinned"),
        ("okhttp", "none", "unpinned"),
        ("okhttp", "pin", "pinned"),
        ("okhttp", "manager", "pinned"),
        ("boringssl", "none", "unpinned"),
        ("boringssl", "pin", "pinned"),
    ):
        case = Case(
            client=client,
            technique=technique,
            truth="unpinned" if truth == "unpinned" else "pinned",
            trusts=True,
            host="expired.shop.test",
            decidable=False,
            canary="none",
        )
        yield from _both_devices(case)
    # The Python client has the certificate that this server asks for, so the control works.
    for technique, truth in PYTHON.items():
        case = Case(
            client="python_ssl",
            technique=technique,
            truth=truth,
            trusts=True,
            host="mutual.shop.test",
            timeout_s=1.5,  # mitmproxy lets some of these requests hang
            # A pin after the handshake cannot be told from a server that wants the certificate.
            decidable=technique != "pin",
            canary="none" if truth == "pinned" else "",
        )
        yield from _both_devices(case)
    # These have none: the real server turns them away too.
    for client in ("okhttp", "boringssl"):
        case = Case(
            client=client,
            technique="pin",
            truth="pinned",
            trusts=True,
            host="mutual.shop.test",
            decidable=False,
        )
        yield from _both_devices(case)


def _wrong_turns() -> Iterator[Case]:
    """Each was once a way to a wrong verdict."""
    # An SDK that trusts everything proves nothing about the CA.
    for client in ("python_ssl", "okhttp", "boringssl"):
        yield Case(client=client, technique="none", truth="distrusts", trusts=False, canary="trust-all")
        # ... not even when the tester says, wrongly, that the CA stands in the system store.
        yield Case(
            client=client,
            technique="none",
            truth="distrusts",
            trusts=False,
            canary="trust-all",
            ca_store="system",
        )
    # Nor does another part of the app that trusts user CAs (a domain-config of its own) ...
    for client in ("python_ssl", "okhttp", "boringssl"):
        for store in ("user", "unknown"):
            yield Case(
                client=client,
                technique="none",
                truth="distrusts",
                trusts=False,
                canary="none",
                canary_trusts=True,
                ca_store=store,
            )
    # ... nor another use of the same library, with the same JA4 and another alert.
    yield Case(
        client="boringssl",
        technique="none",
        truth="distrusts",
        trusts=False,
        canary="store",
        canary_trusts=True,
        ca_store="system",
    )
    # A pin without a canary, and a device about which nothing was said: undecided is right.
    for client, technique in (
        ("python_ssl", "pin"),
        ("curl", "pin"),
        ("okhttp", "pin"),
        ("okhttp", "manager"),
        ("boringssl", "pin"),
        ("boringssl", "post"),
    ):
        for store in ("system", "unknown"):
            yield Case(client=client, technique=technique, truth="pinned", trusts=True, ca_store=store)
    # Nothing said of a device that does not trust the CA.
    for client in ("python_ssl", "aiohttp", "curl", "okhttp", "boringssl"):
        yield Case(client=client, technique="none", truth="distrusts", trusts=False, ca_store="unknown")


def _degrading() -> Iterator[Case]:
    # What is decided is mostly relayed: it takes some attempts until a change of mind shows.
    for client, technique, attempts in (
        ("python_ssl", "relents", 32),
        ("okhttp", "relents", 32),
        ("python_ssl", "hardens", 16),
        ("python_ssl", "fallback", 16),
    ):
        yield from _both_devices(
            Case(
                client=client,
                technique=technique,
                truth="degrades",
                trusts=True,
                canary="none" if technique == "fallback" else "",
                attempts=attempts,
            )
        )


CASES: tuple[Case, ...] = (
    *_stacks(),
    *_leavers(),
    *_bad_origins(),
    *_wrong_turns(),
    *_degrading(),
)
