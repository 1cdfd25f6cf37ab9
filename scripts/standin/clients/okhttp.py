"""OkHttp 3 on the JDK's TLS: refuses a chain with alert 46, its CertificatePinner after the handshake.

OkHttp 3.13 stands for later ones: all connect TLS, then ask the CertificatePinner, then close.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from standin.clients.base import ClientKind, Job
from standin.clients.build import build

SOURCE = Path(__file__).with_name("OkHttpClientProgram.java")
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
    compiler = ["javac", "-nowarn", "-cp", jars, "-d", "{out}", str(SOURCE)]
    folder = build([SOURCE], f"{SOURCE.stem}.class", compiler)
    # The quick compiler, one collector thread: many short lives beside each other, not one long one.
    java = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]
    return [*java, "-cp", f"{folder}:{jars}", SOURCE.stem, *job.arguments()]


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
    ),
    missing=missing,
    command=command,
)
