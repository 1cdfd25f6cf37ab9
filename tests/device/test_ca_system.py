"""The CA in the system store, by Android's version."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.android.fake_adb.app import trusted
from tests.android.fake_adb.models import APIS
from tests.android.fake_adb.phone import opened
from tests.device.phones import PACKAGE, Bench

from pinprobe.device import apps
from pinprobe.device.ca_check import check_ca
from pinprobe.device.ca_system import install_system
from pinprobe.device.errors import DeviceError
from pinprobe.device.keeper import Keeper
from pinprobe.device.mounts import ours
from pinprobe.device.restore import restore
from pinprobe.device.stores import APEX_DIR, SYSTEM_DIR

Make = Callable[..., Bench]


def install(bench: Bench) -> None:
    install_system(bench.keeper, bench.facts, bench.authority, bench.pem, bench.said.append)


@pytest.mark.parametrize("api", APIS)
def test_an_app_started_afterwards_trusts_it(make: Make, api: int) -> None:
    bench = make(api)
    before = bench.document()
    install(bench)
    apps.launch(bench.device, PACKAGE)
    with opened(bench.file) as phone:
        process = next(p for p in phone.d["processes"].values() if p["name"] == PACKAGE)
        believed = trusted(phone, process["ns"], trusts_user=False)
    assert bench.authority.pem in believed
    assert "world root" in believed, "the others are still there"
    assert all(place.holds for place in check_ca(bench.device, bench.facts, bench.authority, PACKAGE)[1:])
    apps.stop(bench.device, PACKAGE)
    restore(bench.keeper)
    assert bench.document() == before


@pytest.mark.parametrize("api", [34, 36])
def test_every_namespace_is_covered_and_flutter_finds_it_too(make: Make, api: int) -> None:
    bench = make(api)
    install(bench)
    with opened(bench.file) as phone:
        for ns in phone.d["mounts"]:
            for folder in (APEX_DIR, SYSTEM_DIR):
                fs, inside = phone.locate(f"{folder}/{bench.authority.subject_hash}.0", ns)
                node = phone.nodes(fs)[inside]
                assert (node["mode"], node["owner"], node["context"]) == (
                    "644",
                    "root:root",
                    "u:object_r:system_file:s0",
                ), (ns, folder)
    assert len(ours(bench.device)) == 2 * len(bench.document()["mounts"])


@pytest.mark.parametrize("api", [23, 28])
def test_up_to_android_9_it_goes_into_the_partition(make: Make, api: int) -> None:
    bench = make(api)
    install(bench)
    document = bench.document()
    assert document["system_rw"] and not document["mounts"]["init"]
    assert document["files"]["base"][f"{SYSTEM_DIR}/{bench.authority.subject_hash}.0"]["mode"] == "644"


def test_where_the_partition_cannot_be_written_a_mount_covers_it(make: Make) -> None:
    bench = make(28, writable_system=False)
    before = bench.document()
    install(bench)
    assert "cannot be written" in bench.said[0] and bench.document()["mounts"]["init"]
    restore(bench.keeper)
    assert bench.document() == before


@pytest.mark.parametrize("api", APIS)
def test_there_already(make: Make, api: int) -> None:
    bench = make(api)
    install(bench)
    before, kept = bench.document(), bench.keeper.kept
    install(bench)
    assert (bench.document(), bench.keeper.kept) == (before, kept)
    assert bench.said[-1] == "the CA is in the system store already: nothing is changed"


def test_installed_again_over_an_install_that_was_cut_off(make: Make) -> None:
    bench = make(34)
    before = bench.document()
    install(bench)
    with opened(bench.file) as phone:
        phone.remove_mount("zygote64", APEX_DIR)
    install(bench)
    assert all(len(mounts) == 2 for mounts in bench.document()["mounts"].values()), "never two of ours on one place"
    restore(bench.keeper)
    assert bench.document() == before


def test_after_a_restart_of_the_zygote_the_check_says_so(make: Make) -> None:
    bench = make(34)
    install(bench)

    def restarted(document: dict[str, dict[str, object]]) -> None:
        document["mounts"]["zygote64"] = []

    bench.edit(restarted)
    places = check_ca(bench.device, bench.facts, bench.authority)
    assert {place.text for place in places if not place.holds} == {
        "/data/misc/user/0/cacerts-added",
        f"{SYSTEM_DIR} in zygote 300",
        f"{APEX_DIR} in zygote 300",
    }


@pytest.mark.parametrize(("emulator", "says"), [(True, "has the Play store"), (False, "gives no root")])
def test_without_root_nothing_is_changed(make: Make, emulator: bool, says: str) -> None:
    bench = make(34, root=False, emulator=emulator)
    before = bench.document()
    with pytest.raises(DeviceError, match=says):
        install(bench)
    assert bench.document() == before and not bench.keeper.file.exists()
    places = check_ca(bench.device, bench.facts, bench.authority)
    assert [(place.text, place.holds) for place in places] == [(SYSTEM_DIR, False), (APEX_DIR, False)]


@pytest.mark.parametrize("api", APIS)
def test_a_dry_run_prints_the_way(make: Make, api: int) -> None:
    """The ways differ by version, and nothing is changed."""
    bench = make(api)
    before = bench.document()
    install_system(Keeper(bench.dry, bench.state), bench.facts, bench.authority, bench.pem, lambda line: None)
    assert bench.document() == before and not bench.keeper.file.exists()
    printed = "\n".join(bench.said)
    assert "adb -s emulator-5554 root" in printed and " push " in printed
    assert ("remount" if api <= 28 else "mount -t tmpfs pinprobe") in printed
    assert ("nsenter --mount=/proc/300/ns/mnt" in printed) == (api >= 34)
