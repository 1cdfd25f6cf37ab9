"""OkHttp 3 on the JDK's TLS: refuses a chain with alert 46, its CertificatePinner after the handshake.

OkHttp 3.13 stands for later ones: all connect TLS, then ask the CertificatePinner, then close.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from standin.clients.base import ClientKind, Job
from standin.clients.build import build

SOURCES = tuple(
    Path(__file__).with_name(f"OkHttp{name}.java") for name in ("ClientProgram", "Job", "Stack", "Trust", "Report")
)
PROGRAM = SOURCES[0].stem
JARS = (
    (Path("/usr/share/java/okhttp.jar"), "libokhttp-java"),
    (Path("/usr/share/java/okio.jar"), "libokio-java"),
)


def missing() -> str | None:
    for program in ("javac", "java"):
        if not shutil.which(program):
            return "the Debian package default-jdk-headless"
    for jar, package in JARS:
        if not jar.exists():
            return f"the Debian package {package}"
    return None


def command(job: Job) -> list[str]:
    jars = ":".join(str(jar) for jar, _ in JARS)
    compiler = ["javac", "-nowarn", "-cp", jars, "-d", "{out}", *map(str, SOURCES)]
    folder = build(SOURCES, f"{PROGRAM}.class", compiler)
    # The quick compiler, one collector thread: many short lives beside each other, not one long one.
    java = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]
    return [*java, "-cp", f"{folder}:{jars}", PROGRAM, *job.arguments()]


KIND = ClientKind(
    name="okhttp",
    title="OkHttp (JSSE)",
    techniques=(
        "none",
        "pin",  # CertificatePinner
        "manager",  # an X509TrustManager that checks the chain, then looks for the pin in it
        "pin-served",  # looks for the pin in what was sent, as OkHttp did before 2.7.4
        "anchors",  # a trust store of its own
        "trust-all",
        "relents",  # pins `times` times, then no longer
        "hardens",  # accepts `times` times, then pins
        "two-clients",  # every other attempt is pinned, beginning with the first
        "fallback",  # pins; refused, it asks the same in cleartext
        "fallback-host",  # pins; refused, it asks `other_host`
        "fallback-port",  # pins; refused, it asks the same host at `other_port`
        "storms",  # pins; what was refused is tried again at once, `times` times
        "reports",  # tells `report_host` of a wrong key, and asks all the same
        "leaks",  # asks first, compares then; only if it fits it asks on, `keep` times in all
    ),
    missing=missing,
    command=command,
)
