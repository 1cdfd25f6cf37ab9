"""The program itself: Debian's real adb without a device, the fake one with some, and a program that hangs."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.android.fake_adb import models
from tests.device.phones import Bench, program_on_path

from pinprobe.device.adb import SIGNS, Adb, Answer, Attached, failure, run_program
from pinprobe.device.choice import choose, find
from pinprobe.device.errors import DeviceError, DeviceLost, Refused
from pinprobe.device.shell import Device

Make = Callable[..., Bench]


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> Adb:
    """Debian's, with a server of its own: another's devices are not to be touched."""
    if shutil.which("adb") is None:
        pytest.skip("adb is not here: install adb")
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", "15037")
    return Adb()


def test_the_real_adb_without_a_device(real: Adb) -> None:
    """What it says is what our table of signs was made from."""
    try:
        assert real.version().startswith("Android Debug Bridge version")
        assert real.devices() == ()
        with pytest.raises(DeviceError, match="No device is connected"):
            find(real, None)
        for serial in (None, "nope"):
            for words in (["shell", "id"], ["root"], ["push", "/etc/hostname", "/x"], ["reverse", "--list"]):
                answer = real.run(*words, serial=serial)
                assert answer.code == 1
                assert isinstance(failure(answer), DeviceLost), answer
        with pytest.raises(DeviceLost, match="device is gone"):
            Device(real, "nope").ask("id")
        assert type(failure(real.run("bogus"))) is Refused
    finally:
        real.run("kill-server")


def test_no_adb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeviceError, match=r"no program `adb`.*apt-get install adb"):
        Adb()


def test_an_adb_that_hangs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "adb"
    script.write_text("#!/bin/sh\nexec sleep 30\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(DeviceLost, match=r"adb .*devices.* did not answer within 0.3 s"):
        Adb(str(script), timeout_s=0.3).devices()


@pytest.mark.parametrize("where", ["", ">&2"])
def test_an_adb_that_floods(tmp_path: Path, where: str) -> None:
    script = tmp_path / "adb"
    script.write_text(f"#!/bin/sh\nexec yes 'more than anybody asked for' {where}\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(DeviceLost, match=r"adb .*devices.* printed more than 8 MB"):
        Adb(str(script), timeout_s=20.0).devices()


def test_an_adb_that_leaves_somebody_behind(tmp_path: Path) -> None:
    script = tmp_path / "adb"
    script.write_text("#!/bin/sh\nsleep 3 &\necho said\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(DeviceLost, match=r"did not answer within 0.3 s"):
        Adb(str(script), timeout_s=0.3).devices()


def test_a_device_that_is_slow(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = make(34)
    program_on_path(tmp_path / "bin", monkeypatch, bench.folder)
    bench.faults(slow_s=3)
    with pytest.raises(DeviceLost, match=r"adb -s emulator-5554 shell id.* did not answer within 0.5 s"):
        Device(Adb(timeout_s=0.5), "emulator-5554").ask("id")


def test_a_program_that_cannot_run(tmp_path: Path) -> None:
    (tmp_path / "broken").write_text("no program")
    (tmp_path / "broken").chmod(0o755)
    with pytest.raises(DeviceError, match="broken"):
        run_program([str(tmp_path / "broken")], 5.0)


def test_the_fake_as_a_program(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answers as inside this process, which all other tests use."""
    bench = make(34)
    program_on_path(tmp_path / "bin", monkeypatch, bench.folder)
    adb = Adb()
    assert adb.devices() == bench.adb.devices()
    device = Device(adb, find(adb, None).serial)
    assert device.ask("cat", "/nothing here").said == bench.device.ask("cat", "/nothing here").said
    assert device.ask("nonsense").code == 127


@pytest.mark.parametrize(
    ("err", "kind", "says"),
    [
        ("error: no devices/emulators found", DeviceLost, "No device"),
        ("error: device 'x' not found", DeviceLost, "gone"),
        ("adb: device 'x' not found", DeviceLost, "gone"),
        ("error: device offline", DeviceLost, "offline"),
        ("error: closed", DeviceLost, "broke"),
        ("error: more than one device/emulator", DeviceError, "--device SERIAL"),
        ("error: device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set", DeviceError, "USB debugging"),
        ("adbd cannot run as root in production builds", DeviceError, "without the Play store"),
        ("adb: error: failed to copy 'a' to 'b': remote couldn't create file", Refused, "failed to copy"),
        ("", Refused, "exit code 1"),
    ],
)
def test_its_own_words_are_passed_on_with_the_next_step(err: str, kind: type[DeviceError], says: str) -> None:
    error = failure(Answer(code=1, out="", err=err))
    assert type(error) is kind
    assert says in str(error) and error.step


def test_every_sign_has_a_next_step() -> None:
    assert all(step for _, _, _, step in SIGNS)


def test_hostile_words_are_bounded_and_plain() -> None:
    error = failure(Answer(code=1, out="", err="\x1b[31m" + "A" * 10_000 + "\x07"))
    assert len(str(error)) < 600 and str(error).isprintable()


def attached(serial: str, state: str = "device") -> Attached:
    return Attached(serial=serial, state=state, about="")


def test_the_only_ready_device_is_taken() -> None:
    assert choose([attached("a")], None).serial == "a"
    assert choose([attached("a", "offline"), attached("b")], None).serial == "b"
    assert choose([attached("a"), attached("b")], "b").serial == "b"


@pytest.mark.parametrize(
    ("devices", "wanted", "says"),
    [
        ([], None, "No device is connected. Connect one"),
        ([attached("a"), attached("b")], None, r"a \(device\), b \(device\).*--device SERIAL"),
        ([attached("a")], "c", r"no device c. Connected: a \(device\)"),
        ([attached("a", "unauthorized")], None, "not authorised this computer.*dialog"),
        ([attached("a", "offline")], "a", "offline"),
        ([attached("a", "no permissions")], None, "udev"),
        ([attached("a", "recovery")], None, "recovery.*Start Android"),
    ],
)
def test_any_other_choice_is_an_error_that_says_what_to_do(
    devices: list[Attached], wanted: str | None, says: str
) -> None:
    with pytest.raises(DeviceError, match=says):
        choose(devices, wanted)


@pytest.mark.parametrize(("state", "says"), [("unauthorized", "not authorised"), ("offline", "offline")])
def test_states_as_adb_lists_them(make: Make, state: str, says: str) -> None:
    bench = make(34, state=state)
    with pytest.raises(DeviceError, match=says):
        find(bench.adb, None)
    with pytest.raises(DeviceError, match=says):
        bench.device.ask("id")


def test_two_devices(make: Make) -> None:
    bench = make(34)
    models.phone(bench.folder, 30, serial="R58M123", emulator=False)
    with pytest.raises(DeviceError, match="R58M123"):
        find(bench.adb, None)
    assert find(bench.adb, "R58M123").serial == "R58M123"
    assert bench.device.line("getprop", "ro.build.version.sdk") == "34"
