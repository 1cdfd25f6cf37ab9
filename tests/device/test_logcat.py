"""The app's log: which lines name a cause, which host they name, and that nothing else of them is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.device.logcat import LONGEST_LINE, PENDING_KEPT, Diagnosis, LogLines, clock_in

AT = 1700000000.5
SSL = "javax.net.ssl.SSLHandshakeException: "
CERT = "java.security.cert.CertificateException: "
X509_UTIL = "Failed to validate the certificate chain, error: "
HERE = "api.example.com"


def entry(text: str, *, at_s: float = AT, pid: int = 4711, tid: int = 4712, tag: str = "System.err") -> bytes:
    """As `logcat -v epoch` prints it."""
    return f"{at_s:>19.3f} {pid:5} {tid:5} W {tag:8}: {text}\n".encode()


def read(*lines: bytes) -> list[tuple[str, str | None]]:
    log = LogLines()
    found = [found for line in lines for found in log.feed(line)]
    return [(one.cause, one.host) for one in [*found, *log.settle(AT + 60)]]


CASES: dict[str, tuple[str, tuple[str, str | None] | None]] = {
    "untrusted": (
        f"{SSL}java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.",
        ("distrust", None),
    ),
    "NSC pin": (f"Caused by: {CERT}Pin verification failed", ("pin", None)),
    "NSC pin, wrapped": (f"{SSL}Pin verification failed", ("pin", None)),
    "NSC pin, wrapped twice": (f"{SSL}{CERT}Pin verification failed", ("pin", None)),
    "NSC pin in Chromium": (f"{X509_UTIL}{CERT}Pin verification failed", ("pin", None)),
    "a person's PIN": ("login: Pin verification failed", None),
    "a person's PIN, as an exception": ("com.example.bank.PinException: Pin verification failed", None),
    "a person's PIN, within another": (f"{CERT}com.example.bank.PinException: Pin verification failed", None),
    "Certificate Transparency": (
        f"{CERT}Certificate chain does not conform to required transparency policy: NOT_ENOUGH_SCTS",
        ("ct", None),
    ),
    "appmattus": ("javax.net.ssl.SSLPeerUnverifiedException: Certificate transparency failed", ("ct", None)),
    "host name": (f"javax.net.ssl.SSLPeerUnverifiedException: Hostname {HERE} not verified:", ("hostname", HERE)),
    "host name, older": (f"java.io.IOException: Hostname '{HERE}' was not verified", ("hostname", HERE)),
    "Flutter": (
        "HandshakeException: Handshake error in client (OS Error: CERTIFICATE_VERIFY_FAILED: unable to get local issuer "
        "certificate(handshake.cc:391))",
        ("distrust", None),
    ),
    "Flutter, a callback said no": (
        "CERTIFICATE_VERIFY_FAILED: application verification failure(handshake.cc:391)",
        None,
    ),
    "Chromium, authority": ("handshake failed; returned -1, SSL error code 1, net_error -202", ("distrust", None)),
    "Chromium, pinned key": ("handshake failed; returned -1, SSL error code 1, net_error -150", ("pin", None)),
    "Chromium, CT": ("handshake failed; returned -1, SSL error code 1, net_error -214", ("ct", None)),
    "Chromium, another error": ("handshake failed; returned -1, SSL error code 1, net_error -1501", None),
    "OkHttp, all in one line": (
        f"Certificate pinning failure!\\n Pinned certificates for {HERE}:\\n sha256/AAAA".replace("\\n", " "),
        ("pin", HERE),
    ),
    "OkHttp, no host": ("javax.net.ssl.SSLPeerUnverifiedException: Certificate pinning failure!", ("pin", None)),
    "OkHttp, a host alone": (f"  Pinned certificates for {HERE}:", None),
    "anything": ("connected to api.example.com", None),
}


@pytest.mark.parametrize(("text", "said"), CASES.values(), ids=CASES.keys())
def test_lines(text: str, said: tuple[str, str | None] | None) -> None:
    assert read(entry(text)) == ([said] if said else [])


def okhttp(host: str = HERE, **where: int | float) -> list[bytes]:
    return [
        entry("javax.net.ssl.SSLPeerUnverifiedException: Certificate pinning failure!", **where),  # type: ignore[arg-type]
        entry("  Peer certificate chain:", **where),  # type: ignore[arg-type]
        entry("    sha256/r/mIkG3eEpVdm+u/ko/cwxzOMo1bk4TyHIlByibiA5E=: CN=a", **where),  # type: ignore[arg-type]
        entry(f"  Pinned certificates for {host}:", **where),  # type: ignore[arg-type]
        entry("    sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", **where),  # type: ignore[arg-type]
    ]


def test_okhttp_names_its_host_some_lines_below() -> None:
    assert read(*okhttp()) == [("pin", HERE)]
    assert read(*okhttp("API.Example.com")) == [("pin", HERE)]
    assert read(*okhttp("2001:db8::1")) == [("pin", "2001:db8::1")]


def test_threads_do_not_mix() -> None:
    one, two = okhttp(tid=1), okhttp("b.example", tid=2)
    mixed = [line for pair in zip(one, two, strict=True) for line in pair]
    assert sorted(read(*mixed)) == [("pin", HERE), ("pin", "b.example")]


def test_a_host_that_comes_too_late_or_in_another_thread_is_not_its_own() -> None:
    first = okhttp()[0]
    named = f"  Pinned certificates for {HERE}:"
    assert read(first, entry(named, tid=99)) == [("pin", None)]
    assert read(first, entry(named, at_s=AT + 5)) == [("pin", None)]


def test_the_causes_of_one_exception_are_one() -> None:
    lines = [entry(f"{'Caused by: ' * n}{SSL}{CERT}Pin verification failed") for n in range(4)]
    assert read(*lines) == [("pin", None)]
    assert read(*lines, entry(f"{CERT}Pin verification failed", at_s=AT + 3)) == [("pin", None)] * 2


def test_time_and_process_are_those_of_the_line() -> None:
    (found,) = LogLines().feed(entry(f"{CERT}Pin verification failed", pid=77))
    assert found == Diagnosis(at_s=AT, pid=77, cause="pin", host=None)


@given(st.binary(max_size=200))
def test_whatever_an_app_writes(noise: bytes) -> None:
    """No line raises, and none but the known ones says anything."""
    assert read(noise, entry("x") + noise) == []


@given(st.text(max_size=80))
def test_nothing_but_a_plain_host_is_kept(host: str) -> None:
    said = read(entry(f"Hostname {host} not verified:"))
    assert all(found is None or set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.:-") for _, found in said)


def test_memory_is_bounded() -> None:
    log = LogLines()
    for tid in range(10 * PENDING_KEPT):
        list(log.feed(okhttp(tid=tid)[0]))
    assert len(log._pending) <= PENDING_KEPT
    assert read(b"1.0 1 1 W a: " + b"x" * 10 * LONGEST_LINE + b"Certificate pinning failure!") == []


@pytest.mark.parametrize(
    ("text", "at_s"),
    [
        ("1700000000.250000000\n", 1700000000.25),
        ("1700000000\n", 1700000000.5),
        ("1700000000.N\n", 1700000000.5),
        ("1700000000.%N\r\n", 1700000000.5),
        ("date: bad format", None),
        ("", None),
    ],
)
def test_the_devices_clock(text: str, at_s: float | None) -> None:
    assert clock_in(text) == at_s
