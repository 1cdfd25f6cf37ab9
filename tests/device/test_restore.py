"""Cut off anywhere, the device can be put back: compared as a whole with what it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.android.fake_adb.models import APIS
from tests.device.phones import Bench, Killed

from pinprobe.device.ca_system import install_system
from pinprobe.device.ca_user import install_user
from pinprobe.device.errors import DeviceError, DeviceLost
from pinprobe.device.keeper import Keeper
from pinprobe.device.proxy import proxy_on
from pinprobe.device.restore import restore
from pinprobe.device.root import settle

Make = Callable[..., Bench]
Change = Callable[[Bench, Keeper], object]


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Power cuts are not tried here, and some thousand files would be waited for."""
    monkeypatch.setattr("os.fsync", lambda handle: None)


def quiet(_: str) -> None: ...


def system(bench: Bench, keeper: Keeper) -> None:
    install_system(keeper, bench.facts, bench.authority, bench.pem, quiet)
    proxy_on(bench.device, keeper, port=8080, emulator=True)


def user(bench: Bench, keeper: Keeper) -> None:
    install_user(keeper, bench.facts, bench.authority, bench.pem, quiet)
    proxy_on(bench.device, keeper, port=8080, emulator=False)


def begin(make: Make, api: int) -> Bench:
    """A device that somebody uses: a proxy of its own, a port, a CA of the same name in both stores."""

    def used(document: dict[str, object]) -> None:
        document["settings"] |= {"http_proxy": "10.1.2.3:3128", "global_http_proxy_host": "10.1.2.3"}  # type: ignore[operator]
        document["settings"] |= {"global_http_proxy_port": "3128", "global_http_proxy_exclusion_list": ""}  # type: ignore[operator]
        document["reverse"] = {"tcp:9000": "tcp:9001"}
        files = document["files"]["base"]  # type: ignore[index]
        for folder in ("/system/etc/security/cacerts", "/apex/com.android.conscrypt/cacerts"):
            if folder in files:
                files[f"{folder}/{bench.authority.subject_hash}.0"] = {
                    **files[f"{folder}/00000000.0"],
                    "text": "another proxy's\n",
                }

    bench = make(api)
    bench.edit(used)
    return bench


@pytest.mark.parametrize("change", [system, user], ids=["system", "user"])
@pytest.mark.parametrize("api", APIS)
def test_killed_at_any_call(make: Make, api: int, change: Change) -> None:
    bench = begin(make, api)
    before, pristine = bench.document(), bench.file.read_text(encoding="utf-8")
    change(bench, bench.keeper)
    assert bench.document() != before
    total = bench.adb.calls
    # Before a call only the file may differ from what was after the one before it: one version is enough. Versions that go
    # the same way share the calls among them.
    for when in ("before", "after") if api == 28 else ("after",):
        for number in range(1, total + 1) if api in (28, 34) else range(1 + api % 3, total + 1, 3):
            bench.file.write_text(pristine, encoding="utf-8")
            bench.keeper.file.unlink(missing_ok=True)
            with pytest.raises(Killed):
                cut(bench, when, number, lambda: change(bench, bench.keeper))
            if bench.keeper.kept:
                restore(bench.keeper)
            assert bench.document() == before, f"cut off {when} call {number} of {total}"
            assert not bench.keeper.file.exists()


@pytest.mark.parametrize("api", [23, 34])
def test_the_restore_itself_is_killed_at_any_call(make: Make, api: int) -> None:
    bench = begin(make, api)
    before = bench.document()
    system(bench, bench.keeper)
    changed, kept = bench.file.read_text(encoding="utf-8"), bench.keeper.file.read_text(encoding="utf-8")
    first = bench.adb.calls
    restore(bench.keeper)
    assert bench.document() == before
    for number in range(1, bench.adb.calls - first + 1):
        bench.file.write_text(changed, encoding="utf-8")
        bench.keeper.file.write_text(kept, encoding="utf-8")
        with pytest.raises(Killed):
            cut(bench, "after", number, lambda: restore(bench.keeper))
        restore(bench.keeper)
        assert bench.document() == before, f"cut off after call {number}"


@pytest.mark.parametrize("api", [28, 34])
def test_restored_after_a_reboot(make: Make, api: int) -> None:
    """What lived in memory has gone by itself; files and settings have not."""
    bench = make(api)
    before = bench.document()
    system(bench, bench.keeper)
    user(bench, bench.keeper)
    bench.device.adb_change("reboot")
    restore(bench.keeper)
    assert bench.document() == before


def test_the_state_file_comes_before_the_change(make: Make) -> None:
    """A disk that cannot be written to: nothing is changed."""
    bench = make(34)
    before = bench.document()
    keeper = bench.keeper
    bench.state.write_text("a file where the folder should be")
    for change in (system, user):
        with pytest.raises(OSError):
            change(bench, keeper)
    assert bench.document() == before


def test_a_lost_device_keeps_its_file_and_is_restored_later(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pinprobe.device.root.SETTLE_S", 0.1)
    bench = make(34)
    before = bench.document()
    bench.faults(lost_after=25)
    with pytest.raises(DeviceLost, match="restore"):
        system(bench, bench.keeper)
    with pytest.raises(DeviceLost):
        restore(bench.keeper)
    kept = json.loads(bench.keeper.file.read_text(encoding="utf-8"))
    assert kept["serial"] == bench.device.serial and "mounts" in kept["kept"]
    (bench.folder / "faults.json").unlink()
    restore(bench.keeper)
    assert bench.document() == before


def test_what_cannot_be_put_back_stays_in_the_file(make: Make) -> None:
    """Root was taken away meanwhile, as by another image under the same serial."""
    bench = make(34)
    user(bench, bench.keeper)
    bench.device.adb_change("unroot")
    bench.edit(lambda document: document.update(root_allowed=False))
    with pytest.raises(DeviceError, match="no root"):
        restore(bench.keeper)
    assert "files" in bench.keeper.kept and "proxy" not in bench.keeper.kept


def test_a_partition_that_stays_busy_does_not_keep_the_rest_from_going_back(make: Make) -> None:
    """Mounting it read-only again fails where files are open; after a reboot it is."""
    bench = make(28)
    before = bench.document()
    system(bench, bench.keeper)
    bench.edit(lambda document: document.update(busy=True))
    with pytest.raises(DeviceError, match=r"/system read-only or not: .*resource busy.*adb reboot"):
        restore(bench.keeper)
    assert list(bench.keeper.kept) == ["root", "reverse", "system_mount"]
    assert not bench.document()["root"]
    bench.edit(lambda document: document.pop("busy"))
    bench.device.adb_change("reboot")
    restore(bench.keeper)
    assert bench.document() == before


def test_what_others_put_there_meanwhile_stays(make: Make) -> None:
    bench = make(34)
    user(bench, bench.keeper)
    theirs = "/data/misc/user/0/cacerts-added/12345678.0"
    bench.edit(lambda d: d["files"]["base"].update({theirs: {"text": "theirs", "mode": "644"}}))
    restore(bench.keeper)
    files = bench.document()["files"]["base"]
    assert [path for path in files if "cacerts-added/" in path] == [theirs]
    assert not bench.keeper.kept


def test_a_mount_of_another_tool_below_ours_stays(make: Make) -> None:
    bench = make(34)
    bench.device.adb_change("root")
    settle(bench.device)
    for words in (
        ("mount", "-t", "tmpfs", "tmpfs", "/system/etc/security/cacerts"),
        ("cp", "/apex/com.android.conscrypt/cacerts/00000000.0", "/system/etc/security/cacerts"),
        ("mount", "--bind", "/system/etc/security/cacerts", "/apex/com.android.conscrypt/cacerts"),
    ):
        bench.device.change(*words)
    before = bench.document()
    system(bench, bench.keeper)
    restore(bench.keeper)
    assert bench.document() == before


def test_a_damaged_file_is_said(make: Make, tmp_path: Path) -> None:
    bench = make(34)
    system(bench, bench.keeper)
    bench.keeper.file.write_text("{")
    with pytest.raises(DeviceError, match="cannot be read"):
        Keeper(bench.device, bench.state)


def cut(bench: Bench, when: str, number: int, act: Callable[[], object]) -> None:
    """Do it, and be killed before or after the adb call of this number, counted from here."""
    start = bench.adb.calls

    def kill(call: int) -> None:
        if call - start == number:
            raise Killed

    setattr(bench.adb, when, kill)
    try:
        act()
    finally:
        setattr(bench.adb, when, lambda call: None)
