"""Each verb: what it does to the device, what it says, its dry run, and its undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.android.fake_adb import models
from tests.android.fake_adb.models import APIS
from tests.cli.disk import Output, run
from tests.cli.phone import connected
from tests.device.phones import PACKAGE, Bench

from pinprobe.cli import Exit
from pinprobe.cli.device import VERBS

ROOT = Path(__file__).parents[3]
Make = Callable[..., Bench]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Make:
    return connected(monkeypatch, tmp_path)


def verb(bench: Bench, name: str, *words: str) -> int:
    confdir = ("--confdir", str(bench.confdir)) if name.startswith("ca-") or name == "doctor" else ()
    return run("device", name, *confdir, *words)


CHANGING = [
    ("ca-install", "--store", "system"),
    ("ca-install", "--store", "user"),
    ("proxy-on",),
    ("proxy-on", "--reverse", "--port", "8081"),
]


@pytest.mark.parametrize("words", CHANGING, ids=" ".join)
@pytest.mark.parametrize("api", APIS)
def test_changed_again_and_put_back(make: Make, capsys: Output, api: int, words: tuple[str, ...]) -> None:
    bench = make(api)
    before = bench.document()
    assert verb(bench, *words, "--dry-run") == Exit.DONE
    assert bench.document() == before
    assert "adb -s emulator-5554 " in capsys.readouterr().out
    assert verb(bench, *words) == Exit.DONE
    changed = bench.document()
    assert changed != before
    assert "undo: pinprobe device " in capsys.readouterr().out
    assert verb(bench, *words) == Exit.DONE
    assert bench.document() == changed, "it can be run again"
    assert verb(bench, "restore", "--dry-run") == Exit.DONE
    assert bench.document() == changed
    assert verb(bench, "restore") == Exit.DONE
    assert bench.document() == before
    assert verb(bench, "restore") == Exit.DONE
    assert "nothing to restore" in capsys.readouterr().out


def test_all_at_once_put_back_at_once(make: Make) -> None:
    bench = make(34)
    before = bench.document()
    for words in CHANGING:
        assert verb(bench, *words) == Exit.DONE
    assert verb(bench, "restore") == Exit.DONE
    assert bench.document() == before


def test_ca_check_says_where_it_is(make: Make, capsys: Output) -> None:
    bench = make(34)
    assert verb(bench, "ca-check") == Exit.DEVICE
    assert verb(bench, "ca-install") == Exit.DONE
    capsys.readouterr()
    assert verb(bench, "ca-check") == Exit.DONE
    said = capsys.readouterr().out.splitlines()
    assert "no  /data/misc/user/0/cacerts-added" in said
    assert "yes /apex/com.android.conscrypt/cacerts in zygote 300" in said


def test_proxy_off(make: Make) -> None:
    bench = make(34)
    before = bench.document()
    assert verb(bench, "proxy-on") == verb(bench, "proxy-off") == Exit.DONE
    assert bench.document() == before


def test_app_launch(make: Make, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pinprobe.device.apps.SETTLED_S", 0.0)
    bench = make(34)
    assert verb(bench, "app-launch", PACKAGE, "--dry-run") == Exit.DONE
    assert verb(bench, "app-launch", PACKAGE) == Exit.DONE
    assert PACKAGE in [process["name"] for process in bench.document()["processes"].values()]
    assert f"{PACKAGE} 1.2.3 runs (uid 10123, targets API 34)" in capsys.readouterr().out
    assert bench.document()["packages"][PACKAGE]["data"] == "kept"
    assert verb(bench, "app-launch", PACKAGE, "--clear") == Exit.DONE
    assert bench.document()["packages"][PACKAGE]["data"] == "cleared"


def test_doctor(make: Make, capsys: Output) -> None:
    bench = make(34)
    before = bench.document()
    assert verb(bench, "doctor", PACKAGE) == Exit.DONE
    said = capsys.readouterr().out
    assert "emulator emulator-5554: sdk_gphone64_x86_64, Android 14, API 34" in said
    assert "allowed (`adb root`)" in said and "proxy setting: none" in said and "uid 10123" in said
    assert bench.document() == before
    assert verb(bench, "proxy-on") == Exit.DONE
    assert verb(bench, "doctor") == Exit.DEVICE
    assert (
        "still carries changes of pinprobe's: pinprobe device restore --device emulator-5554" in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("of_phone", "says"),
    [
        ({"root": False}, "this image has the Play store and gives none; use scripts/emulator-create"),
        ({"root": False, "emulator": False}, "this device gives none; the CA can only go to the user store, by hand"),
        ({"state": "unauthorized"}, "has not authorised this computer"),
        ({"state": "offline"}, "is offline"),
        ({"packages": {}}, "com.example.app is not installed"),
        ({"packages": {PACKAGE: models.package(debuggable=True)}}, "this build is debuggable"),
    ],
)
def test_the_doctor_names_what_is_missing(make: Make, capsys: Output, of_phone: dict[str, object], says: str) -> None:
    bench = make(34, **of_phone)
    verb(bench, "doctor", PACKAGE)
    assert says in capsys.readouterr().out


def test_two_devices_want_a_name(make: Make, capsys: Output) -> None:
    bench = make(34)
    models.phone(bench.folder, 30, serial="R58M123", emulator=False)
    assert verb(bench, "proxy-on") == Exit.DEVICE
    assert "--device SERIAL" in capsys.readouterr().err
    assert verb(bench, "proxy-on", "--device", "emulator-5554") == Exit.DONE
    assert verb(bench, "proxy-on", "--device", "$(x)") == Exit.USAGE


@pytest.mark.parametrize(
    "words", [("app-launch", "com.app;reboot"), ("proxy-on", "--port", "0"), ("proxy-on", "--host", "a b")]
)
def test_what_no_shell_may_see_is_refused(make: Make, words: tuple[str, ...]) -> None:
    bench = make(34)
    assert verb(bench, *words) == Exit.USAGE
    assert not (bench.folder / "calls.jsonl").exists()


def test_every_verb_has_its_launcher() -> None:
    """And each launcher its verb, with help."""
    launchers = {
        path.name
        for path in (ROOT / "scripts").iterdir()
        if path.is_file() and "-m pinprobe device" in path.read_text()
    }
    assert len(VERBS) == len(launchers)
    readme = (ROOT / "scripts" / "README.md").read_text()
    for name in launchers:
        assert f"| `{name}` |" in readme
        assert run("device", name, "--help") == Exit.DONE
