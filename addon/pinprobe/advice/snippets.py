"""SNIPPETS: the forms in which a pin set can be had."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pinprobe.advice import ios, nsc, okhttp, trustkit, trustkit_ios
from pinprobe.advice.pinset import PinSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """One form."""

    id: str
    title: str
    file_name: str
    does: str
    """What it binds, and what it does not."""
    ends: str
    """What becomes of the pins at the set's end."""
    render: Callable[[Sequence[PinSet]], str]


SNIPPETS: tuple[Snippet, ...] = (
    Snippet(
        id="nsc",
        title="Android, Network Security Config",
        file_name="network_security_config.xml",
        does="Android 7 and later, in the platform: OkHttp, HttpURLConnection, WebView. Not Flutter, nor native code with a "
        "TLS stack of its own. The exact name first, then the longest domain that includes subdomains.",
        ends="Android checks the pins no longer.",
        render=nsc.render,
    ),
    Snippet(
        id="okhttp",
        title="OkHttp, CertificatePinner (Kotlin)",
        file_name="CertificatePinner.kt",
        does="The clients that are given it, on any Android or JVM. The check comes after the handshake and before the "
        "request. `**.` is a name and all below it (OkHttp 4.3), `*.` one label.",
        ends="OkHttp knows no end: an update must bring new pins.",
        render=okhttp.render,
    ),
    Snippet(
        id="ios",
        title="iOS, NSPinnedDomains",
        file_name="Info.plist",
        does="iOS 14 and later, URLSession and what is built on it; not WKWebView. Subdomains are one label deep. CA keys and "
        "leaf keys must both match where both are given, so the backup is the root.",
        ends="iOS knows no end: an update must bring new pins.",
        render=ios.render,
    ),
    Snippet(
        id="trustkit",
        title="TrustKit for Android",
        file_name="network_security_config.xml",
        does="Clients that use TrustKit's socket factory; on Android 7 and later the platform enforces the same file for all "
        "others. It refuses to enforce fewer than two pins, and only reports unless it is told to enforce.",
        ends="TrustKit and Android check the pins no longer.",
        render=trustkit.render,
    ),
    Snippet(
        id="trustkit-ios",
        title="TrustKit for iOS",
        file_name="Info.plist",
        does="URLSession delegates, and code that calls its validator. At least two pins; any key of the chain may match.",
        ends="TrustKit checks the pins no longer.",
        render=trustkit_ios.render,
    ),
)
