"""Real APKs for tests, built with Debian's tools: aapt2, smali, zipalign and apksigner.

aapt2 compiles manifest and resources against the framework and shortens resource paths; smali assembles the dex. Both
are quick; a Java machine starts only where a test asks for a dex or a signature, and what was built once in a test run
is built no second time.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from cryptography.hazmat.primitives import serialization
from tests import certificates

FRAMEWORK = Path("/usr/share/android-framework-res/framework-res.apk")
SMALI = Path("/usr/share/java/smali.jar")
APKSIGNER = Path("/usr/share/java/apksigner.jar")
QUICK_JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
MISSING = "real APKs need the Debian packages aapt, zipalign, apksigner, libsmali-java and android-framework-res"
CONFIG = "network_security_config"


def build_apk(
    folder: Path,
    *,
    name: str = "app.apk",
    package: str = "com.example.app",
    version_name: str = "1.0",
    version_code: int = 1,
    target_sdk: int | None = 34,
    min_sdk: int | None = 24,
    debuggable: bool = False,
    cleartext: bool | None = None,
    nsc: str | None = None,
    nsc_debug: str | None = None,
    nsc_name: str = CONFIG,
    raw: Mapping[str, bytes] | None = None,
    resources: Mapping[str, bytes] | None = None,
    assets: Mapping[str, bytes] | None = None,
    dex_strings: Sequence[str] = (),
    dex_classes: Sequence[str] = (),
    dex_methods: Sequence[str] = (),
    libs: Mapping[str, bytes] | None = None,
    entries: Mapping[str, bytes] | None = None,
    shorten_resources: bool = False,
    manifest_attributes: str = "",
    application_attributes: str = "",
    application_body: str = "",
    split: str = "",
    sign: bool = False,
) -> Path:
    """Build an APK in the folder and return its path.

    `nsc`: XML of the Network Security Config; `nsc_debug`: that of the `_debug` file beside it. `raw`: files of
    res/raw. `resources`: other files below res, such as `values/strings.xml`. `libs`: files below lib, such as
    `arm64-v8a/libapp.so`. `entries`: anything else, by its name in the archive. `manifest_attributes`,
    `application_attributes` and `application_body` are XML. `split`: makes it the split APK of this name.
    """
    if not here():
        pytest.skip(MISSING)
    res = {f"raw/{file}": content for file, content in (raw or {}).items()} | dict(resources or {})
    if nsc is not None:
        res[f"xml/{nsc_name}.xml"] = nsc.encode()
    if nsc_debug is not None:
        res[f"xml/{nsc_name}_debug.xml"] = nsc_debug.encode()
    others = {f"assets/{file}": content for file, content in (assets or {}).items()}
    others |= {f"lib/{file}": content for file, content in (libs or {}).items()}
    if dex_strings or dex_classes or dex_methods:
        others["classes.dex"] = dex(tuple(dex_strings), tuple(dex_classes), tuple(dex_methods))
    others |= dict(entries or {})
    application = application_attributes
    if debuggable:
        application += ' android:debuggable="true"'
    if cleartext is not None:
        application += f' android:usesCleartextTraffic="{str(cleartext).lower()}"'
    if nsc is not None:
        application += f' android:networkSecurityConfig="@xml/{nsc_name}"'
    if split:
        manifest_attributes += f" split={quoteattr(split)}"
        application += ' android:hasCode="false"'
    sdks = "".join(
        f' android:{which}SdkVersion="{version}"'
        for which, version in (("min", min_sdk), ("target", target_sdk))
        if version is not None
    )
    manifest = (
        '<manifest xmlns:android="http://schemas.android.com/apk/res/android"'
        f" package={quoteattr(package)} {manifest_attributes}"
        f' android:versionName={quoteattr(version_name)} android:versionCode="{version_code}">'
        f"{f'<uses-sdk {sdks}/>' if sdks else ''}<application {application}>{application_body}</application></manifest>"
    )
    built = _linked(manifest, tuple(sorted(res.items())), tuple(others.items()), shorten_resources)
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_signed(built) if sign else built)
    return path


def here() -> bool:
    """Whether the tools are installed."""
    programs = ("aapt2", "zipalign", "java")
    return all(map(shutil.which, programs)) and all(file.is_file() for file in (FRAMEWORK, SMALI, APKSIGNER))


@cache
def dex(strings: tuple[str, ...], classes: tuple[str, ...] = (), methods: tuple[str, ...] = ()) -> bytes:
    """A dex file whose string table holds these, and where these classes are defined (`okhttp3.CertificatePinner`).

    `methods`: bodies in smali, each of a static method without arguments and with 16 registers.
    """
    if not here():
        pytest.skip(MISSING)
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch, "smali")
        source.mkdir()
        fields = "".join(
            f".field public static final s{number}:Ljava/lang/String; = {_literal(text)}\n"
            for number, text in enumerate(strings)
        )
        code = "".join(
            f".method public static m{number}()V\n.registers 16\n{body}\nreturn-void\n.end method\n"
            for number, body in enumerate(methods)
        )
        holders = {"pinprobe.test.Strings": fields + code, **{one.replace("/", "."): "" for one in classes}}
        for number, (holder, body) in enumerate(holders.items()):
            text = f".class public L{holder.replace('.', '/')};\n.super Ljava/lang/Object;\n{body}"
            (source / f"{number}.smali").write_text(text)
        made = Path(scratch, "classes.dex")
        run(*QUICK_JAVA, "-cp", SMALI, "org.jf.smali.Main", "assemble", source, "--output", made)
        return made.read_bytes()


@cache
def _linked(
    manifest: str, res: tuple[tuple[str, bytes], ...], others: tuple[tuple[str, bytes], ...], shorten: bool
) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        (work / "AndroidManifest.xml").write_text(manifest)
        made = work / "linked.apk"
        link: list[str | Path] = [
            "aapt2",
            "link",
            "-o",
            made,
            "-I",
            FRAMEWORK,
            "--manifest",
            work / "AndroidManifest.xml",
        ]
        if res:
            for path, content in res:
                file = work / "res" / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            run("aapt2", "compile", "--dir", work / "res", "-o", work / "compiled.zip")
            link.append(work / "compiled.zip")
        run(*link)
        if shorten:
            short = work / "short.apk"
            run("aapt2", "optimize", "--enable-resource-path-shortening", "-o", short, made)
            made = short
        with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in others:
                stored = zipfile.ZIP_STORED if re.search(r"\.(so|arsc)$", entry) else zipfile.ZIP_DEFLATED
                archive.writestr(zipfile.ZipInfo(entry, (1980, 1, 1, 0, 0, 0)), content, stored)
        aligned = work / "aligned.apk"
        run("zipalign", "4", made, aligned)
        return aligned.read_bytes()


@cache
def _signed(apk: bytes) -> bytes:
    key, certificate = _signer()
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        for file, content in (("app.apk", apk), ("key.pk8", key), ("cert.pem", certificate)):
            (work / file).write_bytes(content)
        files = ("--key", work / "key.pk8", "--cert", work / "cert.pem", "--in", work / "app.apk")
        run(*QUICK_JAVA, "-jar", APKSIGNER, "sign", *files, "--out", work / "signed.apk")
        return (work / "signed.apk").read_bytes()


@cache
def _signer() -> tuple[bytes, bytes]:
    """A key made for this run of the tests, as PKCS #8, and its certificate, as PEM."""
    key, certificate = certificates.new_ca()
    pkcs8 = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pkcs8, certificates.pem(certificate)


def run(*command: str | Path) -> None:
    """Run a tool; what it says is in the failure."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{command[0]}: {ended.stderr or ended.stdout}"


def _literal(text: str) -> str:
    """A string in smali."""
    units = text.encode("utf-16-be", "surrogatepass")
    codes = [int.from_bytes(units[place : place + 2], "big") for place in range(0, len(units), 2)]
    plain = "".join(chr(code) if 0x20 <= code < 0x7F and code not in b'"\\' else f"\\u{code:04x}" for code in codes)
    return f'"{plain}"'
