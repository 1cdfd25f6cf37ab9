"""Pinning and TLS libraries that Android apps bring along: how each is recognised in a package, and what it means.

LIBRARIES is data that any room may read: the package's reader looks for the marks, judging asks what a library can do
by itself. A mark says that a library is there. It does not say that the app uses it, and the absence of all marks says
nothing, since code can be renamed, hidden, or loaded later.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """One library. What it can do is what it can do at all; False means: not that we know."""

    id: str
    title: str
    means: str
    """For judging, in one sentence."""
    pins: bool = False
    """It can pin certificates itself."""
    does_ct: bool = False
    """It can check Certificate Transparency itself, which fails like a pin under a proxy's certificate."""
    own_roots: bool = False
    """Its TLS stack trusts roots of its own choice, so that a CA in the device's stores may count for nothing."""
    exempts_user_cas: bool = False
    """By default its pins and CT do not bind chains to a CA that the user added."""
    ignores_proxy: bool = False
    """By default it takes no notice of the device's proxy setting, so that its traffic is not seen there."""
    classes: tuple[str, ...] = ()
    """Class descriptors in a dex file, or their beginnings: `Lokhttp3/CertificatePinner;`."""
    texts: tuple[str, ...] = ()
    """Strings in dex files and native libraries that outlive the renaming of classes."""
    files: tuple[str, ...] = ()
    """Names of entries, with `*` for anything."""


LIBRARIES: tuple[Library, ...] = (
    Library(
        id="okhttp",
        title="OkHttp",
        means="Uses the platform's trust; its CertificatePinner checks after the handshake. Every app with OkHttp has "
        "that class.",
        pins=True,
        classes=("Lokhttp3/CertificatePinner;", "Lcom/squareup/okhttp/CertificatePinner;"),
        texts=("Certificate pinning failure!",),
    ),
    Library(
        id="trustkit",
        title="TrustKit",
        means="Pins by the Network Security Config, and only reports unless enforcePinning is true.",
        pins=True,
        classes=("Lcom/datatheorem/android/trustkit/",),
        texts=("overmind.datatheorem.com/trustkit",),
    ),
    Library(
        id="appmattus-ct",
        title="Certificate Transparency for Android (appmattus)",
        means="A refusal may be Certificate Transparency, in the handshake or right after it, on any Android version.",
        does_ct=True,
        classes=("Lcom/appmattus/certificatetransparency/", "Lcom/babylon/certificatetransparency/"),
    ),
    Library(
        id="ct-check",
        title="Code that reads proofs of Certificate Transparency",
        means="Told by its constants, whatever its classes are called: a refusal may be Certificate Transparency.",
        does_ct=True,
        texts=("1.3.6.1.4.1.11129.2.4.2", "gstatic.com/ct/log_list"),
    ),
    Library(
        id="cronet",
        title="Cronet",
        means="Chromium's network stack: pins and CT bind only chains to roots of the system store, by default.",
        pins=True,
        does_ct=True,
        exempts_user_cas=True,
        classes=("Lorg/chromium/net/CronetEngine", "Lorg/chromium/net/impl/CronetUrlRequest"),
        texts=("org.chromium.net.impl.NativeCronetProvider", "com.google.android.gms.net.PlayServicesCronetProvider"),
        files=("lib/*/libcronet*.so",),
    ),
    Library(
        id="conscrypt",
        title="Conscrypt, bundled",
        means="The app brings its own copy of Android's TLS stack, which the Network Security Config need not bind.",
        does_ct=True,
        own_roots=True,
        classes=("Lorg/conscrypt/NativeCrypto;",),
        files=("lib/*/libconscrypt_*.so",),
    ),
    Library(
        id="flutter",
        title="Flutter",
        means="Dart trusts /system/etc/security/cacerts alone, never user-added CAs, and ignores Network Security "
        "Config and proxy.",
        own_roots=True,
        ignores_proxy=True,
        classes=("Lio/flutter/embedding/engine/FlutterJNI;",),
        files=("lib/*/libflutter.so",),
    ),
    Library(
        id="flutter-http-certificate-pinning",
        title="http_certificate_pinning for Flutter",
        means="Compares certificate fingerprints on a connection of its own, over the platform's stack, beside the "
        "traffic that it protects.",
        pins=True,
        classes=("Ldiefferson/http_certificate_pinning/",),
    ),
    Library(
        id="flutter-ssl-pinning-plugin",
        title="ssl_pinning_plugin for Flutter",
        means="Compares certificate fingerprints on a connection of its own, over the platform's stack, beside the "
        "traffic that it protects.",
        pins=True,
        classes=("Lcom/macif/plugin/sslpinningplugin/",),
    ),
    Library(
        id="react-native",
        title="React Native",
        means="Its requests go through OkHttp on the platform's stack, so the Network Security Config binds them.",
        classes=("Lcom/facebook/react/bridge/ReactContext;",),
        files=("lib/*/libreactnativejni.so", "assets/index.android.bundle"),
    ),
    Library(
        id="react-native-ssl-pinning",
        title="react-native-ssl-pinning",
        means="Pins only the requests that go through its own fetch.",
        pins=True,
        classes=("Lcom/toyberman/RNSslPinning",),
    ),
    Library(
        id="react-native-ssl-public-key-pinning",
        title="react-native-ssl-public-key-pinning",
        means="Gives React Native's OkHttp client a CertificatePinner, from pins in the JavaScript bundle.",
        pins=True,
        classes=("Lcom/sslpublickeypinning/",),
    ),
    Library(
        id="cordova-advanced-http",
        title="cordova-plugin-advanced-http",
        means="Can trust the certificates in the app's assets alone, for requests that go through the plugin.",
        pins=True,
        own_roots=True,
        classes=("Lcom/silkimen/cordovahttp/",),
    ),
    Library(
        id="cordova-ssl-certificate-checker",
        title="SSLCertificateChecker for Cordova",
        means="Compares fingerprints on a connection of its own, beside the traffic that it protects.",
        pins=True,
        classes=("Lnl/xservices/plugins/sslCertificateChecker/", "Lnl/xservices/plugins/SSLCertificateChecker"),
    ),
    Library(
        id="nativescript-https",
        title="nativescript-https",
        means="Pins with certificates in the app's files, for requests that go through the plugin.",
        pins=True,
        classes=("Lcom/nativescript/https/",),
    ),
    Library(
        id="appcelerator-https",
        title="Appcelerator https module",
        means="Pins in the trust manager, inside the handshake.",
        pins=True,
        classes=("Lappcelerator/https/PinningTrustManager",),
    ),
    Library(
        id="ibm-worklight",
        title="IBM MobileFirst (Worklight)",
        means="Can pin a certificate for the requests of its own client.",
        pins=True,
        classes=("Lcom/worklight/wlclient/",),
    ),
    Library(
        id="cwac-netsecurity",
        title="CWAC-NetSecurity",
        means="A copy of the Network Security Config for old Android versions, pins and trust anchors included.",
        pins=True,
        own_roots=True,
        classes=("Lcom/commonsware/cwac/netsecurity/",),
    ),
    Library(
        id="wultra-ssl-pinning",
        title="Wultra dynamic SSL pinning",
        means="Fetches signed fingerprints at run time: the pins may change while the app runs.",
        pins=True,
        classes=("Lcom/wultra/android/sslpinning/",),
    ),
    Library(
        id="approov",
        title="Approov",
        means="Fetches pins at run time: the pins may change while the app runs.",
        pins=True,
        classes=("Lcom/criticalblue/approovsdk/", "Lio/approov/service/"),
    ),
    Library(
        id="volley",
        title="Volley",
        means="Uses the platform's HttpsURLConnection, so the Network Security Config binds it.",
        classes=("Lcom/android/volley/toolbox/HurlStack",),
    ),
    Library(
        id="grpc-okhttp",
        title="gRPC on OkHttp",
        means="Uses the platform's trust, needs HTTP/2, and does not use OkHttp's CertificatePinner.",
        classes=("Lio/grpc/okhttp/OkHttpChannelBuilder;",),
    ),
    Library(
        id="netty",
        title="Netty TLS",
        means="Can trust fingerprints alone, and takes no notice of the device's proxy.",
        pins=True,
        ignores_proxy=True,
        classes=("Lio/netty/handler/ssl/SslContextBuilder;",),
    ),
    Library(
        id="curl",
        title="libcurl",
        means="A native stack, usually with roots of its own; it can pin public keys.",
        pins=True,
        own_roots=True,
        ignores_proxy=True,
        texts=("public key does not match pinned public key",),
        files=("lib/*/libcurl*.so",),
    ),
    Library(
        id="openssl",
        title="OpenSSL or BoringSSL, bundled",
        means="A native stack, usually with roots of its own, that neither Network Security Config nor proxy binds.",
        own_roots=True,
        ignores_proxy=True,
        files=("lib/*/libssl.so", "lib/*/libssl.*.so", "lib/*/libssl_*.so"),
    ),
    Library(
        id="mbedtls",
        title="Mbed TLS",
        means="A native stack with roots of its own, that neither Network Security Config nor proxy binds.",
        own_roots=True,
        ignores_proxy=True,
        files=("lib/*/libmbedtls*.so",),
    ),
    Library(
        id="go",
        title="Go (gomobile)",
        means="Go's own stack reads the system's folders of CAs itself, and ignores Network Security Config and proxy.",
        own_roots=True,
        ignores_proxy=True,
        classes=("Lgo/Seq;",),
        files=("lib/*/libgojni.so",),
    ),
    Library(
        id="geckoview",
        title="GeckoView",
        means="Firefox's engine, with Mozilla's roots; it trusts user-added CAs only when told to.",
        own_roots=True,
        classes=("Lorg/mozilla/geckoview/GeckoRuntime;",),
        files=("lib/*/libxul.so",),
    ),
    Library(
        id="unity",
        title="Unity",
        means="Unity's own TLS stack, which the Network Security Config does not bind.",
        own_roots=True,
        files=("lib/*/libunity.so",),
    ),
    Library(
        id="dotnet",
        title=".NET (Xamarin, MAUI)",
        means="Requests may go through the platform's stack or .NET's own; pins are in assemblies, often compressed, "
        "where they are not found.",
        files=("lib/*/libmonodroid.so", "lib/*/libmonosgen-*.so"),
    ),
    Library(
        id="ca-bundle",
        title="A bundle of CA certificates",
        means="The app carries roots of its own, so that a CA in the device's stores may count for nothing.",
        own_roots=True,
    ),
)
"""A bundle is recognised by its certificates, all others by their marks."""

BY_ID: dict[str, Library] = {library.id: library for library in LIBRARIES}


def known(ids: Iterable[str]) -> list[Library]:
    """The rows of these ids, in the table's order; ids that a newer version wrote are left out."""
    wanted = set(ids)
    return [library for library in LIBRARIES if library.id in wanted]
