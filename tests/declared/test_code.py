"""Code and data of real APKs: where pins, certificates and libraries stand, each told once, and in bounded memory."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
import zipfile
from base64 import b64encode
from pathlib import Path

import certifi
import pytest
from tests import certificates
from tests.android.builder import build_apk, dex
from tests.declared import others

from pinprobe.declared import code
from pinprobe.declared.code import CodeFacts, scan
from pinprobe.declared.package import open_package
from pinprobe.events import CodePin
from pinprobe.libraries import LIBRARIES
from pinprobe.x509 import der, pin_sha256

ADDON = Path(__file__).parents[2] / "addon"
_, CA = certificates.new_ca()
LEAF = certificates.bench().material.genuine[0]


def pin(number: int, size: int = 32) -> str:
    return b64encode(random.Random(number).randbytes(size)).decode()


def facts(*apks: Path) -> CodeFacts:
    with open_package(apks) as package:
        found = scan(package)
        assert package.problems == []
        return found


def at(where: str, number: int, host: str = "", algorithm: str = "sha256") -> CodePin:
    size = 32 if algorithm == "sha256" else 20
    return CodePin(algorithm=algorithm, pin=pin(number, size), where=where, host=host)


def test_pins_are_found_wherever_apps_keep_them(tmp_path: Path) -> None:
    bundle = f'n.init({{"api.example.com":{{includeSubdomains:!0,publicKeyHashes:["{pin(3)}","{pin(4)}"]}}}});'
    table = f'<resources><string name="pin">sha256/{pin(6)}</string></resources>'
    found = facts(
        build_apk(
            tmp_path,
            dex_strings=[f"sha256/{pin(1)}", f"sha1/{pin(2, 20)}", "api.example.com", f'{{"a.example.com":"sha256/{pin(7)}"}}'],
            assets={"index.android.bundle": bundle.encode(), "www/pins.json": f'["sha256/{pin(5)}"]'.encode()},
            libs={"arm64-v8a/libapp.so": b"\x7fELF\0api.example.com\0sha256/" + pin(8).encode() + b"\0"},
            raw={"config.properties": f"cdn.example.com=sha256/{pin(9)}".encode()},
            resources={"values/strings.xml": table.encode()},
            entries={"kotlin/pins.txt": f"sha256/{pin(10)}".encode(), "META-INF/pins.txt": f"sha256/{pin(11)}".encode()},
        )
    )  # fmt: skip
    assert set(found.code_pins) == {
        at("classes.dex", 1),
        at("classes.dex", 2, algorithm="sha1"),
        at("classes.dex", 7, "a.example.com"),
        at("assets/index.android.bundle", 3, "api.example.com"),
        at("assets/index.android.bundle", 4, "api.example.com"),
        at("assets/www/pins.json", 5),
        at("resources.arsc", 6),
        at("lib/arm64-v8a/libapp.so", 8),
        at("res/raw/config.properties", 9, "cdn.example.com"),
        at("kotlin/pins.txt", 10),
    }
    assert found.libraries == ("react-native",) and found.certificates == () and found.problems == ()


def test_hosts_that_code_gives_a_pin_to(tmp_path: Path) -> None:
    call = "invoke-static {v1, v2}, La/B;->pin(Ljava/lang/String;Ljava/lang/String;)V"
    methods = [
        f'const-string v1, "{host}"\nconst-string v2, "sha256/{pin(number)}"\n{call}'
        for host, number in (("api.example.com", 1), ("*.example.net", 1), ("api.example.com", 2))
    ]
    apk = build_apk(tmp_path, dex_methods=methods, dex_strings=[f"sha256/{pin(3)}", f"sha1/{pin(4, 20)}"])
    assert set(facts(apk).code_pins) == {
        at("classes.dex", 1, "api.example.com"),
        at("classes.dex", 1, "*.example.net"),
        at("classes.dex", 2, "api.example.com"),
        at("classes.dex", 3),
        at("classes.dex", 4, algorithm="sha1"),
    }


def test_resource_tables_of_both_encodings_are_read(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, entries={"other.arsc": f"sha256/{pin(1)}".encode("utf-16-le")})
    assert facts(apk).code_pins == (at("other.arsc", 1),)


def test_a_library_for_several_processors_is_one_place(tmp_path: Path) -> None:
    content = f"sha256/{pin(1)}".encode()
    apk = build_apk(tmp_path, libs={f"{abi}/libapp.so": content for abi in ("arm64-v8a", "armeabi-v7a", "x86_64")})
    assert facts(apk).code_pins == (at("lib/arm64-v8a/libapp.so", 1),)


def test_of_one_pin_in_one_place_the_host_is_kept(tmp_path: Path) -> None:
    text = f'"sha256/{pin(1)}" {{"a.example.com":"sha256/{pin(1)}"}} "sha256/{pin(1)}" {{"b.example.com":"sha256/{pin(1)}"}}'
    found = facts(build_apk(tmp_path, assets={"a.js": text.encode()}))
    assert found.code_pins == (at("assets/a.js", 1, "a.example.com"), at("assets/a.js", 1, "b.example.com"))


def test_splits_are_looked_through_and_named(tmp_path: Path) -> None:
    base = build_apk(tmp_path, name="base.apk", dex_classes=["okhttp3.CertificatePinner"])
    libs = {"arm64-v8a/libflutter.so": b"", "arm64-v8a/libapp.so": f"sha256/{pin(1)}".encode()}
    split = build_apk(tmp_path, name="split_config.arm64_v8a.apk", split="config.arm64_v8a", libs=libs)
    found = facts(base, split)
    assert found.libraries == ("okhttp", "flutter")
    assert found.code_pins == (at("split_config.arm64_v8a.apk:lib/arm64-v8a/libapp.so", 1),)


@pytest.mark.parametrize("shorten", [False, True])
def test_certificates_whatever_their_files_are_called(tmp_path: Path, shorten: bool) -> None:
    apk = build_apk(
        tmp_path,
        raw={"ca.der": der(CA)},
        assets={"public/leaf.bin": der(LEAF), "again.pem": certificates.pem(CA), "store.p12": b"?", "more.zip": b"PK"},
        shorten_resources=shorten,
    )
    found = facts(apk)
    told = {(one.pin_sha256, one.is_ca, one.where) for one in found.certificates}
    raw = next(name for name in zipfile.ZipFile(apk).namelist() if name.endswith(".der"))
    assert told == {(pin_sha256(CA), True, raw), (pin_sha256(LEAF), False, "assets/public/leaf.bin")}
    assert raw.startswith("res/") and (raw == "res/raw/ca.der") is not shorten
    assert found.problems == (
        "assets/store.p12: a PKCS #12 key store, which is not opened: it may hold certificates",
        "assets/more.zip: an archive inside the package: not looked into",
    )


def test_a_certificate_in_code_is_found(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, dex_strings=[certificates.pem(CA).decode()])
    (one,) = facts(apk).certificates
    assert (one.pin_sha256, one.where) == (pin_sha256(CA), "classes.dex")


def test_a_bundle_of_roots_is_a_library_and_not_a_list(tmp_path: Path) -> None:
    found = facts(build_apk(tmp_path, assets={"cacert.pem": Path(certifi.where()).read_bytes()}))
    assert found.libraries == ("ca-bundle",) and found.certificates == ()
    (said,) = found.problems
    assert said.startswith("assets/cacert.pem: a bundle of 1") and said.endswith(
        " CA certificates: they are not listed"
    )


def test_every_library_in_one_app(tmp_path: Path) -> None:
    classes = [
        f"{mark[1:].rstrip(';/')}{'/Any' if mark.endswith('/') else ''}" for one in LIBRARIES for mark in one.classes
    ]
    files = [mark.replace("*", "x86", 1).replace("*", "1") for one in LIBRARIES for mark in one.files]
    apk = build_apk(
        tmp_path,
        dex_classes=classes,
        dex_strings=[mark for one in LIBRARIES for mark in one.texts],
        libs={file.removeprefix("lib/"): b"" for file in files if file.startswith("lib/")},
        assets={"cacert.pem": Path(certifi.where()).read_bytes()},
    )
    assert facts(apk).libraries == tuple(one.id for one in LIBRARIES)


def test_strings_alone_tell_a_library_whose_classes_were_renamed(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, dex_strings=["Certificate pinning failure!\n  Peer certificate chain:"])
    assert facts(apk).libraries == ("okhttp",)


def test_renamed_code_that_checks_certificate_transparency_is_told_by_its_constants(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, dex_strings=["https://www.gstatic.com/ct/log_list/v3/"], dex_classes=["a.b.c"])
    assert facts(apk).libraries == ("ct-check",)


def test_code_under_another_name_is_looked_at(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, entries={"assets/a.dat": dex((f"sha256/{pin(1)}",), ("okhttp3.CertificatePinner",))})
    found = facts(apk)
    assert found.libraries == ("okhttp",) and found.code_pins == (at("assets/a.dat", 1),)


def test_hidden_code_is_said(tmp_path: Path) -> None:
    found = facts(build_apk(tmp_path, libs={"arm64-v8a/libjiagu.so": b"\x7fELF"}))
    assert found.problems == (
        "lib/arm64-v8a/libjiagu.so: code is hidden by a packer (360 Jiagu): what it does is not seen",
    )


def test_an_app_without_any_of_it_says_nothing(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, dex_classes=["com.example.Main"], assets={"a.json": b"{}", "b.png": b"\x89PNG sha256/"})
    assert facts(apk) == CodeFacts(code_pins=(), certificates=(), libraries=(), problems=())


EXPECTED_OF_OTHERS = {
    "appium-uiautomator2-server-debug-androidTest.apk": ((), ("okhttp",)),
    # Netty brings a key pair for tests, as text.
    f"appium-uiautomator2-server-v{others.PACKAGES[1].partition('@')[2]}.apk": (("CN=example.com",), ("netty",)),
    "settings_apk-debug.apk": ((), ()),
}


@pytest.mark.parametrize("package", others.PACKAGES)
def test_nothing_is_made_up_in_apps_that_others_made(package: str) -> None:
    if others.NPM is None and not (others.KEPT / package).is_dir():
        pytest.skip(others.MISSING)
    for apk in others.apks(package):
        found = facts(apk)
        certificates_found = tuple(one.subject for one in found.certificates)
        assert (certificates_found, found.libraries) == EXPECTED_OF_OTHERS[apk.name]
        assert found.code_pins == () and found.problems == ()


def test_what_is_beyond_all_measure_is_counted(tmp_path: Path) -> None:
    pins = json.dumps([f"sha256/{pin(number)}" for number in range(code.PINS_KEPT + 7)])
    found = facts(build_apk(tmp_path, assets={"a.json": pins.encode()}))
    assert len(found.code_pins) == code.PINS_KEPT
    assert found.problems == ("7 more pins in code are left out",)


@pytest.mark.parametrize(
    "content",
    [f'"{pin(1)}",'.encode() * 40_000, b"MII//DCC" * 250_000],
    ids=["pins", "certificates"],
)
def test_a_file_made_of_lookalikes_takes_no_hours(tmp_path: Path, content: bytes) -> None:
    apk = build_apk(tmp_path, assets={"a.txt": content, "b.txt": f"sha256/{pin(2)}".encode()})
    started = time.monotonic()
    found = facts(apk)
    assert time.monotonic() - started < 60, "a quiet machine takes about one second; without a bound it takes minutes"
    assert found.problems == ("assets/a.txt: more lookalikes of pins or certificates than are looked at",)
    assert found.code_pins == (at("assets/b.txt", 2),)


def test_progress_ends_where_the_package_does(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, assets={"a.txt": bytes(300_000), "b.txt": bytes(600_000)})
    told: list[tuple[int, int]] = []
    with open_package([apk]) as package:
        scan(package, lambda done, total: told.append((done, total)))
        size = sum(entry.size for entry in package.entries())
    assert told == sorted(told) and {total for _, total in told} == {size} and told[-1] == (size, size)


def test_when_time_is_over_the_rest_is_left_and_said(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, assets={"a.txt": f"sha256/{pin(1)}".encode()})
    with open_package([apk], deadline=lambda: True) as package:
        assert scan(package).code_pins == ()
        assert any("time is over" in problem for problem in package.problems)


def test_a_large_package_takes_seconds_and_little_memory(tmp_path: Path) -> None:
    chance = random.Random(3)
    noise = chance.randbytes(8 << 20)
    apk = tmp_path / "large.apk"
    apk.write_bytes(build_apk(tmp_path).read_bytes())
    with zipfile.ZipFile(apk, "a", zipfile.ZIP_STORED) as archive:
        for number in range(25):
            archive.writestr(f"lib/arm64-v8a/lib{number}.so" if number % 3 else f"classes{number}.dex", noise)
        archive.writestr("assets/last.txt", f"sha256/{pin(1)}")
    program = (
        "import json, resource, sys, time\n"
        "from pathlib import Path\n"
        "from pinprobe.declared import open_package\n"
        "from pinprobe.declared.code import scan\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before, began = peak(), time.process_time()\n"
        "with open_package([Path(sys.argv[1])]) as package:\n"
        "    pins = [pin.where for pin in scan(package).code_pins]\n"
        "print(json.dumps([pins, time.process_time() - began, peak() - before]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, apk], cwd=ADDON, capture_output=True, text=True, check=True)
    where, seconds, kibibytes = json.loads(done.stdout)
    assert where == ["assets/last.txt"]
    assert seconds < 15, "of the processor; it takes about two"
    assert kibibytes < 30 * 1024
