"""pinprobe apk: what a real package declares, for people and for programs, and a sentence for everything that is none."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests import certificates
from tests.android.builder import build_apk
from tests.cli.disk import Output, run

from pinprobe.cli import Exit
from pinprobe.x509 import der, pin_sha256

ROOT = Path(__file__).parents[2]
A, B, C = (f"{letter * 42}A=" for letter in "abc")
_, CA = certificates.new_ca()
SOON = f"{datetime.now(UTC) + timedelta(days=400):%Y-%m-%d}"
NSC = f"""<network-security-config>
  <base-config cleartextTrafficPermitted="true"><trust-anchors>
    <certificates src="system"/><certificates src="@raw/own_ca" overridePins="true"/></trust-anchors></base-config>
  <domain-config><domain includeSubdomains="true">example.com</domain>
    <pin-set expiration="{SOON}"><pin digest="SHA-256">{A}</pin></pin-set>
    <domain-config cleartextTrafficPermitted="false"><domain>old.example.com</domain>
      <pin-set expiration="2020-02-03"><pin digest="SHA-256">{B}</pin></pin-set></domain-config>
    <trustkit-config enforcePinning="false"/>
  </domain-config>
  <domain-config><domain>api.example.com</domain></domain-config>
  <debug-overrides><trust-anchors><certificates src="user"/></trust-anchors></debug-overrides>
</network-security-config>"""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app with everything."""
    return build_apk(
        tmp_path_factory.mktemp("apk"),
        package="org.example.bank",
        version_name="2.5",
        version_code=25,
        nsc=NSC,
        raw={"own_ca.der": der(CA)},
        dex_strings=[f"sha256/{C}"],
        dex_classes=["okhttp3.CertificatePinner"],
        assets={"pins.json": f'{{"cdn.example.com":["sha256/{C}"]}}'.encode(), "trust.p12": b"?"},
    )


def test_for_people(full: Path, capsys: Output) -> None:
    assert run("apk", full) == Exit.DONE
    output = capsys.readouterr()
    assert output.err == ""
    lines = output.out.splitlines()
    assert lines[:2] == ["org.example.bank 2.5 (25)", "target SDK 34, min SDK 24"]
    assert lines[3:6] == [
        "cleartext is permitted by default",
        "user-added CAs are not trusted by default; debug-overrides trust them in debuggable builds",
        "",
    ]
    said = output.out
    for expected in (
        "Network Security Config:\n  res/xml/network_security_config.xml\n  base-config\n",
        f"trusts system, certificates of its own ({pin_sha256(CA)}), exempt from pins\n    cleartext: on\n",
        f"domain-config example.com and below\n    pins, until {SOON}:\n      {A}\n",
        "TrustKit: only reports, and does not enforce",
        "domain-config old.example.com, inside the one of example.com\n    cleartext: off\n"
        f"    pins, expired since 2020-02-03:\n      {B}\n",
        "domain-config api.example.com\n    says nothing of its own\n  debug-overrides\n    trusts user, exempt from pins\n",
        f"Pins in code and data:\n  sha256/{C} in assets/pins.json beside cdn.example.com\n  sha256/{C} in classes.dex\n",
        "Certificates:\n  CA CN=mitmproxy, until ",
        f"  sha256/{pin_sha256(CA)} in res/raw/own_ca.der\n",
        "Libraries:\n  OkHttp: Uses the platform's trust",
        "assets/trust.p12: a PKCS #12 key store",
    ):
        # aapt2 and the package give entries no order of their own.
        assert expected in said or (sorted(expected) and all(line in said for line in expected.splitlines())), expected
    assert "Hosts:" not in said


def test_hosts_that_are_asked_for(full: Path, capsys: Output) -> None:
    hosts = ["www.example.com", "old.example.com", "api.example.com", "other.example.org"]
    asked = [argument for host in hosts for argument in ("--host", host)]
    assert run("apk", full, *asked, "--android-api", "34") == Exit.DONE
    said = capsys.readouterr().out
    hosts_said = said.partition("Hosts:\n")[2].partition("\n\n")[0]
    blocks = {block.partition(":")[0]: block for block in hosts_said.replace("\n    ", " ").strip().split("\n  ")}
    assert list(blocks) == hosts
    assert f"domain-config example.com trusts raw:{pin_sha256(CA)}, system; exempt from pins: raw:" in blocks[hosts[0]]
    assert f"pins, until {SOON}, TrustKit only reports: {A}" in blocks[hosts[0]]
    assert f"pins, expired since 2020-02-03, TrustKit only reports: {B}" in blocks[hosts[1]]
    assert "no pins pins that seem meant for it and do not reach it: another domain-config" in blocks[hosts[2]]
    assert ": base-config" in blocks[hosts[3]] and blocks[hosts[3]].endswith(
        "no pins cleartext permitted; Certificate Transparency off"
    )


def as_json(capsys: Output, *arguments: str | Path) -> dict[str, Any]:
    assert run("apk", "--json", *arguments) == Exit.DONE
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_for_programs(full: Path, capsys: Output) -> None:
    told = as_json(capsys, full, "--host", "www.example.com")
    assert told["app"]["package"] == told["app"]["app_id"] == "org.example.bank"
    assert {(pin["where"], pin["host"]) for pin in told["app"]["code_pins"]} == {
        ("classes.dex", ""),
        ("assets/pins.json", "cdn.example.com"),
    }
    assert told["configuration_known"] is True
    assert [(one["kind"], [domain["name"] for domain in one["domains"]]) for one in told["configurations"]] == [
        ("base-config", []),
        ("domain-config", ["example.com"]),
        ("domain-config", ["old.example.com"]),
        ("domain-config", ["api.example.com"]),
        ("debug-overrides", []),
    ]
    assert [(library["id"], library["pins"]) for library in told["libraries"]] == [("okhttp", True)]
    (host,) = told["hosts"]
    assert host["host"] == "www.example.com" and host["declared"]["pins"] == [A]
    assert "at_s" not in told["app"] and "at_s" not in host["declared"]


def test_an_app_that_declares_nothing(tmp_path: Path, capsys: Output) -> None:
    plain = build_apk(tmp_path, debuggable=True)
    assert run("apk", plain) == Exit.DONE
    said = capsys.readouterr().out
    assert "debuggable: not the build that users get" in said
    assert "Network Security Config:\n  none: the platform's defaults hold\n" in said
    assert said.endswith("Libraries:\n  none found\n")


def test_a_split_alone_leaves_the_configuration_unknown(tmp_path: Path, capsys: Output) -> None:
    split = build_apk(tmp_path, split="config.de")
    assert run("apk", split, "--host", "example.com") == Exit.DONE
    said = capsys.readouterr().out
    assert "cleartext and user-added CAs: not known, see the problems" in said and "trusted" not in said
    assert (
        "Config:\n  not known, see the problems" in said
        and "example.com: not known" in said
        and "give base.apk too" in said
    )
    assert as_json(capsys, split, "--host", "example.com")["hosts"] == [{"host": "example.com", "declared": None}]


def test_hostile_words_do_not_reach_the_terminal(tmp_path: Path, capsys: Output) -> None:
    nasty = "\x1b[2J\u202eevil"
    apk = build_apk(
        tmp_path,
        version_name="\u202e2.0",
        nsc='<network-security-config><domain-config><domain>a\u202e.example</domain></domain-config></network-security-config>',
        assets={f"{nasty}.json": f'["sha256/{A}"]'.encode(), f"{nasty}.p12": b"?"},
    )  # fmt: skip
    assert run("apk", apk) == Exit.DONE
    said = capsys.readouterr().out
    assert f"sha256/{A} in assets/" in said and "key store" in said
    assert said.replace("\n", "").isprintable() and "\u202e" not in said
    told = json.dumps(as_json(capsys, apk))
    assert told.isascii()


def not_a_zip(folder: Path) -> Path:
    (folder / "notes.apk").write_text("no archive")
    return folder / "notes.apk"


def empty_folder(folder: Path) -> Path:
    return folder


def missing(folder: Path) -> Path:
    return folder / "missing.apk"


def cut_off(folder: Path) -> Path:
    whole = build_apk(folder).read_bytes()
    (folder / "cut.apk").write_bytes(whole[: len(whole) // 2])
    return folder / "cut.apk"


@pytest.mark.parametrize("make", [not_a_zip, empty_folder, missing, cut_off])
def test_what_is_no_package_is_a_sentence(tmp_path: Path, capsys: Output, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)
    assert run("apk", path) == Exit.UNREADABLE
    output = capsys.readouterr()
    assert output.out == "" and output.err.startswith("pinprobe: ") and path.name in output.err
    assert output.err.count("\n") == 1 and ": " in output.err.removeprefix("pinprobe: "), "with what to do"


@pytest.mark.parametrize("host", ["", "https://example.com", "example.com:443", "*.example.com", "a b"])
def test_a_host_is_a_name_alone(full: Path, capsys: Output, host: str) -> None:
    assert run("apk", full, "--host", host) == Exit.USAGE
    assert "a host's name alone, such as api.example.com" in capsys.readouterr().err


def test_it_loads_no_proxy(full: Path) -> None:
    code = "import sys; from pinprobe.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, "apk", full],
        cwd=ROOT / "addon",
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "pinprobe" in loaded and not loaded & {"mitmproxy", "OpenSSL", "yaml", "publicsuffix2"}
