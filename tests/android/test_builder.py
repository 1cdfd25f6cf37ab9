"""The APKs that tests build are real ones: Debian's tools read them back."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

from tests.android.builder import APKSIGNER, QUICK_JAVA, build_apk

NSC = """<network-security-config><base-config><trust-anchors><certificates src="@raw/own_ca"/></trust-anchors>
</base-config></network-security-config>"""
PIN = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


def said(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_everything_asked_for_is_in_it(tmp_path: Path) -> None:
    apk = build_apk(
        tmp_path,
        package="org.example.built",
        version_name="2.5",
        target_sdk=30,
        debuggable=True,
        nsc=NSC,
        raw={"own_ca.pem": b"none"},
        assets={"www/app.js": b"let a = 1"},
        libs={"arm64-v8a/libx.so": b"\x7fELF"},
        dex_strings=[PIN, 'a "quoted" name: é\n'],
        dex_classes=["okhttp3.CertificatePinner"],
        sign=True,
    )
    badging = said("aapt2", "dump", "badging", apk)
    assert "name='org.example.built' versionCode='1' versionName='2.5'" in badging
    assert "targetSdkVersion:'30'" in badging and "application-debuggable" in badging
    tree = said("aapt2", "dump", "xmltree", "--file", "res/xml/network_security_config.xml", apk)
    assert "E: network-security-config" in tree and "E: certificates" in tree
    with zipfile.ZipFile(apk) as archive:
        assert archive.read("assets/www/app.js") == b"let a = 1"
        assert archive.read("lib/arm64-v8a/libx.so") == b"\x7fELF"
        dex = archive.read("classes.dex")
    assert PIN.encode() in dex and b"Lokhttp3/CertificatePinner;" in dex and "name: é\n".encode() in dex
    assert "CN=mitmproxy" in said(*QUICK_JAVA, "-jar", APKSIGNER, "verify", "--print-certs", apk)


def test_short_paths_are_what_aapt2_makes_of_them(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, nsc=NSC, raw={"own_ca.pem": b"none"}, shorten_resources=True)
    names = zipfile.ZipFile(apk).namelist()
    assert "res/xml/network_security_config.xml" not in names and "res/raw/own_ca.pem" not in names
    assert len([name for name in names if name.startswith("res/")]) == 2


def test_a_split_says_which_one_it_is(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, split="config.arm64_v8a", libs={"arm64-v8a/libx.so": b""})
    assert 'split="config.arm64_v8a"' in said("aapt2", "dump", "xmltree", "--file", "AndroidManifest.xml", apk)
