"""The CA in the user store."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.android.fake_adb.app import trusted
from tests.android.fake_adb.models import APIS
from tests.android.fake_adb.phone import opened
from tests.device.phones import Bench

from pinprobe.device.ca_check import check_ca
from pinprobe.device.ca_user import BY_HAND, install_user
from pinprobe.device.restore import restore
from pinprobe.device.stores import USER_DIR

Make = Callable[..., Bench]


def install(bench: Bench) -> None:
    install_user(bench.keeper, bench.facts, bench.authority, bench.pem, bench.said.append)


@pytest.mark.parametrize("api", APIS)
def test_apps_that_opt_in_trust_it_and_others_do_not(make: Make, api: int) -> None:
    bench = make(api)
    before = bench.document()
    install(bench)
    with opened(bench.file) as phone:
        assert bench.authority.pem in trusted(phone, "zygote64", trusts_user=True)
        assert bench.authority.pem not in trusted(phone, "zygote64", trusts_user=False)
        node = phone.nodes("base")[f"{USER_DIR}/{bench.authority.subject_hash}.0"]
        folder = phone.nodes("base")[USER_DIR]
    assert (node["mode"], node["owner"], node["context"]) == (
        "644",
        "system:system",
        "u:object_r:misc_user_data_file:s0",
    )
    assert (folder["mode"], folder["owner"]) == ("755", "system:system")
    restore(bench.keeper)
    assert bench.document() == before


def test_a_ca_of_the_same_name_stays_beside_it(make: Make) -> None:
    """All CAs that mitmproxy makes have one name: they are told apart by their fingerprints."""
    bench = make(34)
    install(bench)
    path = f"{USER_DIR}/{bench.authority.subject_hash}"
    bench.edit(lambda d: d["files"]["base"][f"{path}.0"].update(text="another's"))
    bench.keeper.file.unlink()
    install(bench)
    files = bench.document()["files"]["base"]
    assert files[f"{path}.0"]["text"] == "another's" and files[f"{path}.1"]["text"] == bench.authority.pem
    restore(bench.keeper)
    assert f"{path}.0" in bench.document()["files"]["base"] and f"{path}.1" not in bench.document()["files"]["base"]


def test_there_already(make: Make) -> None:
    bench = make(34)
    install(bench)
    bench.keeper.file.unlink()
    before = bench.document()
    install(bench)
    assert bench.document() == before and not bench.keeper.kept
    assert bench.said[-1] == "the CA is in the user store already: nothing is changed"
    user, *_ = check_ca(bench.device, bench.facts, bench.authority)
    assert user.holds


def test_without_root_it_says_how_by_hand(make: Make) -> None:
    bench = make(34, root=False, emulator=False)
    before = bench.document()
    install(bench)
    assert bench.document()["files"]["base"][BY_HAND]["text"] == bench.authority.pem
    assert "Trusted credentials" in bench.said[-1] and "--ca-by-hand" in bench.said[-1]
    restore(bench.keeper)
    assert bench.document() == before
