"""Whole packages, built by Android's own tools: what they declare, of the app and of each host."""

from __future__ import annotations

import random
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests import certificates
from tests.android.builder import build_apk
from tests.declared.compiled import Zipped, zipped
from tests.declared.configs import DEBUG_USER, OTHER, PIN, anchors, domains, file, pins, trustkit

from pinprobe import events as ev
from pinprobe import x509
from pinprobe.declared import Declared, PackageError, nsc, read_app, reading
from pinprobe.declared.limits import LIMITS

NOW_S = 1_800_000_000.0


def read(folder: Path, inside: str | None = None, **said: Any) -> Declared:
    return read_app([build_apk(folder, nsc=None if inside is None else file(inside), **said)])


def host(declared: Declared, name: str = "api.example.com", api: int | None = None) -> ev.HostDeclared:
    found = declared.host(name, "app", NOW_S, api)
    assert found is not None
    return found


def test_everything_at_once(tmp_path: Path) -> None:
    ca = certificates.new_ca()[1]
    declared = read(
        tmp_path,
        f"""<base-config cleartextTrafficPermitted="true">{anchors("system", "user")}</base-config>"""
        + domains(
            "example.com",
            inside=pins(PIN, OTHER, attributes="expiration='2027-01-31'") + anchors("@raw/ca") + trustkit(),
        )
        + DEBUG_USER,
        raw={"ca.crt": certificates.pem(ca)},
        package="com.example.one",
        version_name="3.1",
        version_code=31,
        min_sdk=26,
        target_sdk=35,
        dex_strings=[f"sha256/{OTHER}"],
        shorten_resources=True,
        sign=True,
    )
    app = declared.app(None, NOW_S)
    assert (app.app_id, app.package, app.version_name, app.version_code) == (
        "com.example.one",
        "com.example.one",
        "3.1",
        31,
    )
    assert (app.min_sdk, app.target_sdk, app.debuggable, app.at_s) == (26, 35, False, NOW_S)
    assert app.cleartext and app.user_cas and app.debug_user_cas
    assert app.nsc.startswith("res/") and app.nsc != "res/xml/network_security_config.xml"
    said: dict[str, Any] = {
        "domain": "example.com",
        "include_subdomains": True,
        "pins": (PIN, OTHER),
        "expires_s": 1801353600.0,
    }
    assert app.pin_sets == (
        ev.DeclaredPins(source="nsc", enforced=True, **said),
        ev.DeclaredPins(source="trustkit", enforced=False, **said),
    )
    assert [pin.pin for pin in app.code_pins] == [OTHER]
    assert [one.pin_sha256 for one in app.certificates] == [x509.pin_sha256(ca)]
    assert len(app.apk_sha256) == 64 and app.problems == ()
    assert host(declared) == ev.HostDeclared(
        at_s=NOW_S,
        app_id="app",
        host="api.example.com",
        config="domain-config example.com",
        anchors=(f"raw:{x509.pin_sha256(ca)}",),
        overrides=(),
        pins=(PIN, OTHER),
        expires_s=1801353600.0,
        report_only=True,
        meant_pins=(),
        meant_why="",
        ct="off",
        cleartext=True,
    )
    assert declared.app("label", NOW_S).app_id == "label"


def test_an_app_without_a_config(tmp_path: Path) -> None:
    declared = read(tmp_path, target_sdk=30, cleartext=True)
    app = declared.app(None, NOW_S)
    assert app.nsc == "" and app.pin_sets == () and app.problems == () and app.cleartext and not app.user_cas
    assert host(declared).config == "platform default" and host(declared).anchors == ("system",)


def test_the_devices_level_counts(tmp_path: Path) -> None:
    declared = read(tmp_path, domains("example.com", inside=pins(PIN)))
    assert host(declared, api=23).pins == () and host(declared, api=24).pins == (PIN,)


def test_debug_builds_take_the_debug_file(tmp_path: Path) -> None:
    for debuggable, expected in ((True, ("system", "user")), (False, ("system",))):
        declared = read(tmp_path, "", nsc_debug=file(DEBUG_USER), debuggable=debuggable)
        assert host(declared).anchors == expected
        app = declared.app(None, NOW_S)
        assert app.debug_user_cas and app.user_cas is debuggable and app.debuggable is debuggable


def test_a_file_that_android_refuses_decides_no_host(tmp_path: Path) -> None:
    declared = read(tmp_path, f"<base-config>{pins(PIN)}</base-config>" + domains("example.com", inside=pins(PIN)))
    assert declared.host("api.example.com", "app", NOW_S, None) is None
    app = declared.app(None, NOW_S)
    assert app.problems == (
        "res/xml/network_security_config.xml: pin-set in base-config, where Android allows none: Android refuses the "
        "file, and every use of the network fails",
    )
    assert len(app.pin_sets) == 1, "what is left is told"


def test_mistakes_in_debug_overrides_break_debuggable_builds_only(tmp_path: Path) -> None:
    inside = f"<debug-overrides>{pins(PIN)}</debug-overrides>"
    assert read(tmp_path, inside, debuggable=True).host("a.example", "app", NOW_S, None) is None
    assert read(tmp_path, inside).host("a.example", "app", NOW_S, None) is not None


def test_a_config_that_the_manifest_does_not_name_is_not_in_force(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, resources={"xml/net.xml": file(domains("example.com", inside=pins(PIN))).encode()})
    declared = read_app([apk])
    assert host(declared).pins == () and declared.app(None, NOW_S).pin_sets == ()
    assert "not in force" in declared.app(None, NOW_S).problems[0]


def without_table(apk: Path) -> Path:
    made = apk.with_name("without.apk")
    with zipfile.ZipFile(apk) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            if name != "resources.arsc":
                new.writestr(name, old.read(name))
    return made


def test_without_a_table_the_one_likely_file_is_taken(tmp_path: Path) -> None:
    config = file(domains("example.com", inside=pins(PIN)))
    declared = read_app([without_table(build_apk(tmp_path, nsc=config, nsc_debug=file(DEBUG_USER)))])
    assert host(declared).pins == (PIN,)
    two = build_apk(tmp_path, nsc=config, resources={"xml/another.xml": config.encode()})
    declared = read_app([without_table(two)])
    assert declared.host("api.example.com", "app", NOW_S, None) is None
    assert "2 files could be it" in declared.app(None, NOW_S).problems[-1]


def test_certificates_that_are_not_there_are_told(tmp_path: Path) -> None:
    declared = read(tmp_path, f"<base-config>{anchors('@raw/ca')}</base-config>", raw={"ca.crt": b"no certificate"})
    assert host(declared).anchors == ("raw:unknown",)
    assert "not found in the package" in declared.app(None, NOW_S).problems[0]


def test_oddities_are_told(tmp_path: Path) -> None:
    declared = read(tmp_path, domains("*.example.com", inside=pins(PIN)))
    assert "*.example.com never matches" in declared.app(None, NOW_S).problems[0]
    assert host(declared).meant_why == "never_matches"


class TestSplits:
    def apks(self, folder: Path) -> list[Path]:
        base = build_apk(folder, name="base.apk", nsc=file(domains("example.com", inside=pins(PIN))))
        library = {"arm64-v8a/libx.so": f"\0sha256/{OTHER}\0".encode()}
        return [base, build_apk(folder, name="split_config.arm64_v8a.apk", split="config.arm64_v8a", libs=library)]

    def test_all_of_them_are_read(self, tmp_path: Path) -> None:
        paths = self.apks(tmp_path)
        archive = tmp_path / "app.xapk"
        archive.write_bytes(zipped([Zipped(name=path.name.encode(), content=path.read_bytes()) for path in paths]))
        for given in (paths, paths[::-1], [archive]):
            declared = read_app(given)
            app = declared.app(None, NOW_S)
            assert app.package == "com.example.app" and app.problems == () and host(declared).pins == (PIN,)
            (pin,) = app.code_pins
            assert pin.where == "split_config.arm64_v8a.apk:lib/arm64-v8a/libx.so"

    def test_a_split_alone_decides_no_host(self, tmp_path: Path) -> None:
        """And claims nothing: a split's manifest names no SDKs, which would mean one that trusts the user's CAs."""
        declared = read_app([build_apk(tmp_path, split="config.en", min_sdk=None, target_sdk=None)])
        assert declared.host("api.example.com", "app", NOW_S, None) is None
        app = declared.app(None, NOW_S)
        assert (app.target_sdk, app.user_cas, app.cleartext) == (None, False, False)
        assert "give base.apk too" in app.problems[0]


def test_time_that_is_over_leaves_hosts_undecided(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, nsc=file(domains("example.com", inside=pins(PIN))))
    asked: list[int] = []

    def after_the_manifest() -> bool:
        asked.append(1)
        return len(asked) > 2

    declared = read_app([apk], deadline=after_the_manifest)
    assert declared.host("api.example.com", "app", NOW_S, None) is None
    assert any("time is over" in problem for problem in declared.app(None, NOW_S).problems)


def test_progress_comes_to_its_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    read_app([build_apk(tmp_path, assets={"a.txt": bytes(3_000_000)})], progress=lambda *one: told.append(one))
    assert told == sorted(told) and len(told) > 3 and 0.9 * told[-1][1] < told[-1][0] <= told[-1][1]


def test_mangled_apks_are_read_or_refused(tmp_path: Path) -> None:
    """Bytes of a real one changed at random, in its compiled files as well: they are stored as they are."""
    source = build_apk(tmp_path, nsc=file(domains("example.com", inside=pins(PIN)) + DEBUG_USER), raw={"ca.crt": b"x"})
    plain = tmp_path / "stored.apk"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(plain, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name))
    whole, dice = plain.read_bytes(), random.Random(6)
    path, decided = tmp_path / "mangled.apk", 0
    for _ in range(400):
        mangled = bytearray(whole)
        for _ in range(dice.randint(1, 12)):
            place = dice.randrange(len(mangled) - 4)
            mangled[place : place + 4] = dice.choice([b"\xff" * 4, b"\0" * 4, b"\0\0\0\x80", dice.randbytes(4)])
        path.write_bytes(mangled)
        try:
            declared = read_app([path])
        except PackageError:
            continue
        declared.app(None, NOW_S)
        decided += declared.host("api.example.com", "app", NOW_S, 34) is not None
    assert 0 < decided < 400, "some survive, some do not"


def test_a_pin_that_is_written_twice_is_one_for_a_host_and_two_as_declared(tmp_path: Path) -> None:
    declared = read(tmp_path, domains("example.com", inside=pins(PIN, PIN)))
    assert [one.pins for one in declared.app(None, NOW_S).pin_sets] == [(PIN, PIN)]
    assert host(declared).pins == (PIN,)


def test_certificates_that_every_host_would_carry_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMITS", replace(LIMITS, raw_certificates=2))
    cas = [certificates.new_ca()[1] for _ in range(3)]
    raw = {"a.crt": certificates.pem(*cas[:2]), "b.crt": certificates.pem(cas[2])}
    declared = read(tmp_path, f"<base-config>{anchors('@raw/a', '@raw/b')}</base-config>", raw=raw)
    assert set(host(declared).anchors) == {*(f"raw:{x509.pin_sha256(one)}" for one in cas[:2]), "raw:unknown"}
    (problem,) = declared.problems
    assert "not all are read" in problem


def test_a_configuration_that_was_not_read_whole_decides_no_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nsc, "LIMITS", replace(LIMITS, domains=1))
    declared = read(tmp_path, domains("a.example", "b.example", inside=pins(PIN)))
    assert declared.host("b.example", "app", NOW_S, None) is None
    assert any("more domains or pins" in problem for problem in declared.problems)
