"""Android's BoringSSL, driven the way Conscrypt drives it: refusals carry alert 46.

A C program on Debian's build of Android's library. `store-*` techniques leave the chain to BoringSSL's
X509 store instead, as Dart does, and then say 48.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from standin.clients.base import ClientKind, Job
from standin.clients.build import build

SOURCES = tuple(Path(__file__).with_name(name) for name in ("boringssl_client.c", "boringssl_wire.h"))
HEADERS = Path("/usr/include/android")
STAGES = ("connect", "hello", "flight", "finished")
"""After CONNECT, after the ClientHello, after the server's flight came, after the handshake."""


def libraries() -> Path | None:
    found = sorted(Path("/usr/lib").glob("*/android/libssl.so"))
    return found[0].parent if found else None


def missing() -> str | None:
    if not shutil.which("gcc"):
        return "the Debian package gcc"
    if not (HEADERS / "openssl" / "ssl.h").exists() or not libraries():
        return "the Debian package android-libboringssl-dev"
    return None


def command(job: Job) -> list[str]:
    library = libraries()
    compiler = ["gcc", "-O1", "-Wall", "-Wextra", "-Werror", f"-I{HEADERS}", str(SOURCES[0])]
    compiler += ["-o", "{out}/client", f"-L{library}", "-lssl", "-lcrypto", f"-Wl,-rpath,{library}"]
    return [str(build(SOURCES, "client", compiler) / "client"), *job.arguments()]


KIND = ClientKind(
    name="boringssl",
    title="Android's BoringSSL",
    techniques=(
        "none",
        "pin",  # in the verify callback, after the chain: a TrustManager or the NSC
        "post",  # after the handshake, then close_notify and FIN: OkHttp's CertificatePinner
        "anchors",
        "trust-all",
        "refuses",  # the verify callback says no to everything
        "store",
        "store-anchors",
        "idle",
        "preface",  # HTTP/2 preface and SETTINGS, then closes
        "alert",  # a fatal alert after the handshake
        *(f"fin-{stage}" for stage in STAGES),
        *(f"rst-{stage}" for stage in STAGES),
    ),
    missing=missing,
    command=command,
)
