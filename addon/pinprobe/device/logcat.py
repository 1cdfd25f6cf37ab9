"""Lines of `adb logcat -v epoch` that name why a TLS connection failed. Pure; all else is forgotten at once.

The strings are those of Conscrypt, Android's Network Security Config, OkHttp, Chromium, BoringSSL (Flutter) and
appmattus' certificatetransparency. What only might be about a certificate is left out: a bare "Pin verification
failed" may be about the PIN that a person typed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

PIN, DISTRUST, CT, HOSTNAME = "pin", "distrust", "ct", "hostname"

LONGEST_LINE = 4096
"""Bytes of a line that are looked at; Android's own entries have at most about four thousand."""
HOST_FOLLOWS_S = 1.0
"""OkHttp names the host some lines below its first one, all written at once."""
SAME_S = 0.5
"""Causes of an exception repeat its message further down."""
PENDING_KEPT = 64
"""Threads whose next lines are waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One line's word on a cause."""

    at_s: float
    """By the device's clock."""
    pid: int
    cause: str
    """PIN, DISTRUST, CT or HOSTNAME."""
    host: str | None
    """Where the line names one."""


_ENTRY = re.compile(
    r"\s*(?P<at_s>\d{1,11}\.\d{1,9})\s+(?P<pid>\d{1,10})\s+(?P<tid>\d{1,10})\s+[VDIWEFA]\s+(?P<text>.*)", re.DOTALL
)
_HOST = r"(?P<host>[A-Za-z0-9_.:-]{1,253})"
_OF_TLS = r"\b(?:CertificateException|SSLHandshakeException|SSLPeerUnverifiedException)"
"""Any other exception that speaks of a pin may be the app's own, about the PIN that a person typed."""
_PINNED_FOR = re.compile(rf"Pinned certificates for {_HOST}:\s*(?:$|sha)")

CAUSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    # OkHttp's CertificatePinner.
    (PIN, re.compile(r"Certificate pinning failure!")),
    # Network Security Config, as an exception or as Chromium's X509Util logs it.
    (PIN, re.compile(rf"(?:{_OF_TLS}|certificate chain, error): (?:[\w.]*{_OF_TLS}: )?Pin verification failed")),
    # Conscrypt, whose trust manager checks Certificate Transparency as well.
    (DISTRUST, re.compile(r"Trust anchor for certification path not found")),
    (CT, re.compile(r"Certificate chain does not conform to required transparency policy")),
    # appmattus' certificatetransparency.
    (CT, re.compile(r"Certificate transparency failed")),
    # OkHttp, and HttpsURLConnection's older copy of it.
    (HOSTNAME, re.compile(rf"Hostname '?{_HOST}'? (?:was )?not verified")),
    # BoringSSL, as Flutter words it.
    (DISTRUST, re.compile(r"CERTIFICATE_VERIFY_FAILED: (?:unable to get local issuer|self signed) certificate")),
    # Chromium and Cronet (net_error_list.h).
    (PIN, re.compile(r"\bnet_error -150\b|ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN")),
    (DISTRUST, re.compile(r"\bnet_error -202\b|ERR_CERT_AUTHORITY_INVALID")),
    (CT, re.compile(r"\bnet_error -214\b|ERR_CERTIFICATE_TRANSPARENCY_REQUIRED")),
)
"""What a line must hold, and the cause that it then names."""
_WORDS = (
    b"inning failure",
    b"Pin verification",
    b"Trust anchor",
    b"ransparency",
    b"TRANSPARENCY",
    b"verified",
    b"VERIFY_FAILED",
    b"net_error",
    b"ERR_",
    b"Pinned certificates",
)
"""A line without any of them says nothing here: nearly all are left after this look, which is quick."""
_ANY = re.compile("|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern.pattern) for _, pattern in CAUSES))


class LogLines:
    """Reads a log line by line. Memory: one diagnosis for each of the latest threads."""

    def __init__(self) -> None:
        self._pending: dict[tuple[int, int], Diagnosis] = {}
        """Pin failures of OkHttp, by process and thread, whose host may still be named."""
        self._last: dict[tuple[int, str, str | None], float] = {}

    def feed(self, line: bytes) -> Iterator[Diagnosis]:
        """Take one line; what it settles. Never raises, whatever an app wrote."""
        line = line[:LONGEST_LINE]
        if not self._pending and not any(word in line for word in _WORDS):
            return
        entry = _ENTRY.fullmatch(line.decode("utf-8", "replace").rstrip("\r\n"))
        if entry is None:
            return
        at_s, thread, text = float(entry["at_s"]), (int(entry["pid"]), int(entry["tid"])), entry["text"]
        yield from self.settle(at_s)
        named = _PINNED_FOR.search(text)
        if _ANY.search(text) is not None:
            cause, found = next((cause, found) for cause, p in CAUSES if (found := p.search(text)) is not None)
            host = found.groupdict().get("host")
            new = Diagnosis(at_s=at_s, pid=thread[0], cause=cause, host=host.lower() if host else None)
            if (before := self._pending.pop(thread, None)) is not None:
                yield from self._once(before)
            if cause == PIN and named is None and "pinning failure" in text:
                if len(self._pending) >= PENDING_KEPT:
                    yield from self._once(self._pending.pop(next(iter(self._pending))))
                self._pending[thread] = new
                return
            yield from self._once(replace(new, host=named["host"].lower()) if named and cause == PIN else new)
        elif named is not None and (waiting := self._pending.pop(thread, None)) is not None:
            yield from self._once(replace(waiting, host=named["host"].lower()))

    def settle(self, at_s: float) -> Iterator[Diagnosis]:
        """What is not waited for any longer at this time of the device's clock: no host was named."""
        for thread in [t for t, waiting in self._pending.items() if at_s - waiting.at_s > HOST_FOLLOWS_S]:
            yield from self._once(self._pending.pop(thread))

    def _once(self, found: Diagnosis) -> Iterator[Diagnosis]:
        """An exception is written with its causes, each with the same words: told once."""
        self._last = {key: at_s for key, at_s in self._last.items() if abs(found.at_s - at_s) <= SAME_S}
        key = (found.pid, found.cause, found.host)
        if key not in self._last and len(self._last) < PENDING_KEPT:
            self._last[key] = found.at_s
            yield found


def clock_in(text: str) -> float | None:
    """The device's time from `date +%s.%N`; None for anything else. Old devices print no fraction."""
    found = re.fullmatch(r"(\d{9,11})(?:\.(\d{1,9}|%?N))?", text.strip())
    if found is None:
        return None
    fraction = found[2] or ""
    return int(found[1]) + (float(f"0.{fraction}") if fraction.isdecimal() else 0.5)
