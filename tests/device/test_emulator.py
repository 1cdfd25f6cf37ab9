"""The SDK's programs, played by scripts that note how they were called; adb is the fake."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.android.fake_adb import models
from tests.device.phones import Near

from pinprobe.device import emulator
from pinprobe.device.errors import DeviceError

Sdk = Callable[..., Path]


@pytest.fixture
def sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sdk:
    """An SDK of which these programs are installed, by name and script."""
    monkeypatch.setenv("ANDROID_HOME", str(tmp_path / "sdk"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    (tmp_path / "sdk" / "system-images" / "android-34" / "google_apis" / "x86_64").mkdir(parents=True)

    def install(**programs: str) -> Path:
        for name, script in programs.items():
            folder = tmp_path / "sdk" / emulator.PLACES[name][0]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/called\n{script}\n')
            (folder / name).chmod(0o755 | stat.S_IXUSR)
        return tmp_path / "called"

    return install


def create(said: list[str], **changes: object) -> None:
    asked: dict[str, object] = {"api": 34, "image": "google_apis", "abi": "x86_64", "dry": False, **changes}
    emulator.create("pinprobe", say=said.append, **asked)  # type: ignore[arg-type]


def test_made_by_avdmanager(sdk: Sdk) -> None:
    said: list[str] = []
    called = sdk(avdmanager="read answer; echo answer:$answer")
    create(said)
    image = "system-images;android-34;google_apis;x86_64"
    assert called.read_text() == f"create avd -n pinprobe -k {image} -d pixel\n"
    assert said == [
        "made the emulator pinprobe (API 34, google_apis, x86_64)",
        "undo: avdmanager delete avd -n pinprobe",
    ]


def test_one_that_is_there_stays(sdk: Sdk) -> None:
    sdk(avdmanager="echo 'Error: Android Virtual Device pinprobe already exists.' >&2; exit 1")
    said: list[str] = []
    create(said)
    assert said[0] == "the emulator pinprobe is there already: nothing is changed"


def test_a_dry_run(sdk: Sdk) -> None:
    said: list[str] = []
    called = sdk(avdmanager="")
    create(said, dry=True)
    assert not called.exists()
    assert said[0] == "avdmanager create avd -n pinprobe -k 'system-images;android-34;google_apis;x86_64' -d pixel"


def test_what_is_missing_is_named(sdk: Sdk) -> None:
    with pytest.raises(DeviceError, match=r"no program `avdmanager`.*ANDROID_HOME"):
        create([])
    sdk(avdmanager="echo no; exit 1")
    with pytest.raises(DeviceError, match=r"android-30;google_apis;x86_64 is not installed.*sdkmanager"):
        create([], api=30)
    with pytest.raises(DeviceError, match=r"avdmanager failed: no"):
        create([])


def test_no_image_is_offered_that_gives_no_root() -> None:
    assert not any("playstore" in image for image in emulator.IMAGES)


def test_started_and_waited_for(sdk: Sdk, tmp_path: Path) -> None:
    """The device appears when the program says so; it goes on after."""
    phones = tmp_path / "phones"
    phones.mkdir()
    waiting = models.phone(tmp_path / "waiting", 34)
    called = sdk(emulator=f"cp {waiting} {phones}/ && exec sleep 20")
    said: list[str] = []
    serial = emulator.start(Near(phones), "pinprobe", window=False, dry=False, say=said.append)
    assert serial == "emulator-5554"
    assert called.read_text() == "-avd pinprobe -no-snapshot -no-window -no-audio -writable-system\n"
    emulator.start(Near(phones), "pinprobe", window=True, dry=True, say=said.append)
    assert said == ["emulator -avd pinprobe -no-snapshot -writable-system"]


def test_one_that_ends_at_once(sdk: Sdk, tmp_path: Path) -> None:
    (tmp_path / "phones").mkdir()
    sdk(emulator="exit 3")
    with pytest.raises(DeviceError, match=r"ended at once \(exit code 3\)"):
        emulator.start(Near(tmp_path / "phones"), "x", window=True, dry=False, say=print)
