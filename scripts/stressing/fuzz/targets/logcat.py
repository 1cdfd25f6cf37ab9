"""Lines of a device's log, in which any app can write what it likes."""

from __future__ import annotations

from random import Random

from pinprobe.device.logcat import CT, DISTRUST, HOSTNAME, PIN, Diagnosis, LogLines, clock_in
from pinprobe.device.processes import of_app, parse
from stressing.fuzz.mutation import lines_mutated
from stressing.fuzz.target import Broken, Check, Target

WORDS = (b"Certificate pinning failure!", b"Pin verification failed", b"net_error -150", b"Pinned certificates for")


def _prepare() -> Check:
    def check(data: bytes) -> None:
        lines = LogLines()
        found: list[Diagnosis] = []
        for line in data.split(b"\n"):
            found += lines.feed(line)
        found += lines.settle(1e12)
        for one in found:
            if one.cause not in {PIN, DISTRUST, CT, HOSTNAME} or (one.host is not None and len(one.host) > 253):
                raise Broken(f"no diagnosis: {one}")
        text = data.decode("utf-8", "replace")
        clock_in(text)
        of_app(parse(text), "com.example.app")

    return check


def _mutated(data: bytes, chance: Random) -> bytes:
    return lines_mutated(data, chance, WORDS)


TARGET = Target(
    name="logcat",
    about="lines of a device's log, its clock, and its list of processes",
    prepare=_prepare,
    seeds=lambda: (
        b"1700000000.123  1000  1001 W System.err: javax.net.ssl.SSLPeerUnverifiedException: Certificate pinning failure!\n"
        b"1700000000.124  1000  1001 W System.err:   Peer certificate chain:\n"
        b"1700000000.125  1000  1001 W System.err:   Pinned certificates for api.example.com:\n",
        b"1700000001.5  7  8 E chromium: [ERROR:ssl.cc(1)] handshake failed; returned -1, SSL error code 1, net_error -202",
        b"1700000001.5  7  8 E a: java.security.cert.CertificateException: Pin verification failed\n"
        b"1700000001.6  7  8 E a: Hostname 'api.example.com' not verified:",
        b"1700000000.123456789\n",
        b"PID  PPID NAME\n1 0 init\n300 1 zygote64\n4000 300 com.example.app\n4001 300 com.example.app:push\n",
    ),
    mutate=_mutated,
)
