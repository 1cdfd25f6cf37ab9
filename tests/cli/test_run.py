"""pinprobe run before it runs: each trouble has its message and next step, and nothing is changed. Whole runs are in
tests/live/test_run.py."""

from __future__ import annotations

import json
import re
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.android.fake_adb import models
from tests.cli.disk import Output, run
from tests.cli.phone import connected
from tests.device.phones import PACKAGE, Bench
from tests.live.world import free_port

from pinprobe.cli import Exit

Make = Callable[..., Bench]

PORT = str(free_port())
"""Both ends may be tested at once on one machine."""


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Make:
    monkeypatch.chdir(tmp_path)
    return connected(monkeypatch, tmp_path)


@pytest.mark.parametrize(
    ("of_phone", "words", "says"),
    [
        ({"state": "unauthorized"}, (), "not authorised this computer"),
        ({"state": "offline"}, (), "offline"),
        ({"packages": {}}, (), "com.example.app is not installed"),
        ({"root": False}, (), "image has the Play store, and so gives no root"),
        ({"root": False, "emulator": False}, (), "gives no root: the CA cannot be installed by itself.*--ca-by-hand"),
        ({"root": False, "emulator": False}, ("--runs", "R0,R2,R3"), "gives no root"),
        ({}, ("--device", "nope"), r"no device nope. Connected: emulator-5554"),
    ],
)
def test_troubles_of_the_device(
    make: Make, capsys: Output, of_phone: dict[str, object], words: tuple[str, ...], says: str
) -> None:
    bench = make(34, **of_phone)
    before = bench.document()
    assert run("run", PACKAGE, "--yes", *words) == Exit.DEVICE
    assert bench.document() == before and not bench.state.exists()
    _is_said(capsys, says)


def _is_said(capsys: Output, says: str) -> None:
    err = capsys.readouterr().err
    assert re.search(says, err), err


def test_two_devices(make: Make, capsys: Output) -> None:
    bench = make(34)
    models.phone(bench.folder, 30, serial="R58M123", emulator=False)
    assert run("run", PACKAGE, "--yes") == Exit.DEVICE
    _is_said(capsys, r"R58M123 \(device\), emulator-5554 \(device\).*--device SERIAL")


def test_no_adb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Output) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run("run", PACKAGE, "--yes") == Exit.DEVICE
    _is_said(capsys, "no program `adb`")


def test_a_port_that_is_taken(make: Make, capsys: Output) -> None:
    bench = make(34)
    before = bench.document()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert run("run", PACKAGE, "--yes", "--port", str(other.getsockname()[1])) == Exit.DEVICE
    assert bench.document() == before
    _is_said(capsys, "is taken.*--port N")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--ca-by-hand",), "goes with --ca-store user"),
        (("--ca-by-hand", "--ca-store", "user", "--runs", "R2"), "not with --runs"),
        (("--apk", "missing.apk"), "no such file"),
        (("--runs", "R9"), "some of R0, R1, R2, R3"),
        (("--seconds", "-1"), "0 to 86400"),
        ((), "say --yes, or --dry-run"),
    ],
)
def test_wrong_usage(make: Make, capsys: Output, words: tuple[str, ...], says: str) -> None:
    bench = make(34)
    before = bench.document()
    assert run("run", PACKAGE, *words, *(("--yes",) if words else ())) == Exit.USAGE
    assert bench.document() == before
    _is_said(capsys, says)


def test_a_package_that_no_shell_may_see(make: Make) -> None:
    bench = make(34)
    assert run("run", "com.app;reboot", "--yes") == Exit.USAGE
    assert not (bench.folder / "calls.jsonl").exists()


def test_over_the_network_it_must_know_this_computer(make: Make, capsys: Output) -> None:
    make(34, emulator=False)
    assert run("run", PACKAGE, "--yes", "--via", "wireguard") == Exit.USAGE
    _is_said(capsys, "needs --host HOST")


@pytest.mark.parametrize("answer", ["", "n", "y"])
def test_it_asks_before(make: Make, capsys: Output, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    bench = make(34)
    asked: list[str] = []

    def said(question: str) -> str:
        asked.append(question)
        return answer

    monkeypatch.setattr("builtins.input", said)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    # Ends where it would begin: there is no proxy to start.
    monkeypatch.setattr("pinprobe.running.session.find_mitmdump", lambda: str(bench.folder / "no mitmdump"))
    assert run("run", PACKAGE, "--port", PORT) == Exit.DEVICE
    assert len(asked) == 1
    assert ("Nothing was changed." in capsys.readouterr().err) == (answer != "y")
    assert json.loads(bench.file.read_text())["settings"].get("http_proxy") is None


@pytest.mark.parametrize("how", ["end of input", "Ctrl-C"])
def test_a_question_that_is_not_answered(make: Make, capsys: Output, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    bench = make(34)
    before = bench.document()

    def no_answer(question: str) -> str:
        if how == "Ctrl-C":
            signal.raise_signal(signal.SIGINT)
        raise EOFError

    monkeypatch.setattr("builtins.input", no_answer)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert run("run", PACKAGE, "--port", PORT) == Exit.DEVICE
    _is_said(capsys, "Nothing was (changed|recorded)")
    assert bench.document() == before and not bench.state.exists()


@pytest.mark.parametrize("words", [("--runs", "R0,R1,R2,R3"), ("--clear", "--label", "v1")])
def test_a_dry_run_prints_and_changes_nothing(make: Make, capsys: Output, words: tuple[str, ...]) -> None:
    bench = make(34)
    before = bench.document()
    assert run("run", PACKAGE, "--dry-run", "--confdir", bench.confdir, "--port", PORT, *words) == Exit.DONE
    assert bench.document() == before and not bench.state.exists() and not Path("reports").exists()
    said = capsys.readouterr().out
    assert f"mitmdump --listen-host 127.0.0.1 --listen-port {PORT}" in said
    assert f"settings put global http_proxy 10.0.2.2:{PORT}" in said and "mount -t tmpfs pinprobe" in said
    assert "emulator-5554" not in next(line for line in said.splitlines() if "mitmdump" in line)


def test_the_users_own_option_counts(make: Make, capsys: Output) -> None:
    """As with a CA that a module has copied into the system store."""
    bench = make(34, root=False)
    words = ("--ca-store", "user", "--ca-by-hand", "--set", "pinprobe_ca_store=system", "--first-party", "example.com")
    assert run("run", PACKAGE, "--dry-run", "--confdir", bench.confdir, "--port", PORT, *words) == Exit.DONE
    said = capsys.readouterr().out
    assert "pinprobe_ca_store=user" not in said and "--set pinprobe_ca_store=system" in said
    assert "--set pinprobe_first_party=example.com" in said and "cacerts" not in said


def test_a_module_that_copies_user_cas_into_the_system_store(make: Make, capsys: Output) -> None:
    """As docs/device.md says: then the CA is in both stores, and that is what was declared."""
    bench = make(34)
    assert run("device", "ca-install", "--store", "system", "--confdir", bench.confdir) == Exit.DONE
    bench.edit(lambda d: d.update(root=False, root_allowed=False, props={**d["props"], "ro.debuggable": "0"}))
    words = ("--dry-run", "--confdir", bench.confdir, "--port", PORT, "--ca-store", "user", "--ca-by-hand")
    assert run("run", PACKAGE, *words) == Exit.DEVICE
    _is_said(capsys, "The CA is on the device already, in /system")
    assert run("run", PACKAGE, *words, "--set", "pinprobe_ca_store=system") == Exit.DONE


def test_a_store_that_nobody_can_look_into_is_said(make: Make, capsys: Output) -> None:
    bench = make(34, root=False)
    words = ("--dry-run", "--confdir", bench.confdir, "--port", PORT)
    assert run("run", PACKAGE, *words, "--runs", "R0,R1") == Exit.DONE
    assert "without root the user store cannot be looked at" in capsys.readouterr().out
    assert run("run", PACKAGE, *words, "--runs", "R0") == Exit.DONE
    assert "cannot be looked at" not in capsys.readouterr().out


def test_a_ca_by_hand_that_is_not_there(make: Make, capsys: Output) -> None:
    """Where root can look, it does."""
    bench = make(34)
    bench.edit(lambda d: d.update(root=True))
    words = ("--yes", "--confdir", bench.confdir, "--port", PORT, "--ca-store", "user", "--ca-by-hand")
    assert run("run", PACKAGE, *words) == Exit.DEVICE
    _is_said(capsys, "The CA is not in the device's user store")


@pytest.mark.parametrize("store", ["user", "none"])
def test_a_ca_that_is_there_already_elsewhere(make: Make, capsys: Output, store: str) -> None:
    """A session that says "user store" with the CA in the system's would judge wrongly."""
    bench = make(34)
    assert run("device", "ca-install", "--store", "system", "--confdir", bench.confdir) == Exit.DONE
    before = bench.document()
    assert (
        run("run", PACKAGE, "--dry-run", "--confdir", bench.confdir, "--port", PORT, "--ca-store", store) == Exit.DEVICE
    )
    _is_said(capsys, "The CA is on the device already, in .*pinprobe device restore")
    assert bench.document() == before
    assert run("run", PACKAGE, "--dry-run", "--confdir", bench.confdir, "--port", PORT) == Exit.DONE


def test_by_wireguard_it_is_the_tunnel_that_is_set_up(make: Make, capsys: Output) -> None:
    bench = make(34, packages={PACKAGE: models.package(), "com.wireguard.android": models.package(uid=10200)})
    before = bench.document()
    words = ("--via", "wireguard", "--confdir", bench.confdir, "--dry-run")
    assert run("run", PACKAGE, *words) == Exit.DONE
    assert bench.document() == before
    said = capsys.readouterr().out
    keys = bench.confdir / f"wireguard-{PACKAGE}.json"
    assert f"mitmdump --mode wireguard:{keys}@51820 --listen-host 127.0.0.1 --listen-port 51820" in said
    assert f"pinprobe_listeners=51820={PACKAGE}" in said
    assert "SET_TUNNEL_UP" in said and "http_proxy" not in said
