"""The WireGuard app's tunnel, by root: put there, brought up, and all of it gone at restore."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.android.fake_adb.files import USER_CONTEXT
from tests.device.phones import Bench, Killed

from pinprobe.device.errors import DeviceError
from pinprobe.device.restore import restore
from pinprobe.device.tunnel import FILES, tunnel_off, tunnel_on
from pinprobe.device.vpn import APP, CONSENT

Make = Callable[..., Bench]
NAME = "pp-app"
PATH = f"{FILES}/{NAME}.conf"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "tunnel.conf"
    file.write_text("[Interface]\n")
    return file


def with_wireguard(bench: Bench, consent: str | None = None) -> Bench:
    def install(document: Any) -> None:
        facts = {"uid": 10077, "target": 35, "version": "1.0", "debuggable": False, "launcher": True, "crashes": False}
        document["packages"][APP] = {**next(iter(document["packages"].values())), **facts}
        document.update(appops={f"{APP} {CONSENT}": consent} if consent else {}, tunnels=[])
        base = document["files"]["base"]
        folder = {"mode": "771", "owner": "10077:10077", "context": USER_CONTEXT}
        for path in ("/data/data", f"/data/data/{APP}", FILES):
            base.setdefault(path, folder)

    bench.edit(install)
    return bench


@pytest.mark.parametrize("api", [28, 34])
@pytest.mark.parametrize("consent", [None, "allow", "ignore"])
def test_it_comes_up_and_goes_without_a_trace(make: Make, config: Path, api: int, consent: str | None) -> None:
    bench = with_wireguard(make(api), consent)
    before = bench.document()
    tunnel_on(bench.keeper, config, NAME)
    now = bench.document()
    assert now["tunnels"] == [NAME] and now["appops"] == {f"{APP} {CONSENT}": "allow"}
    node = now["files"]["base"][PATH]
    assert (node["text"], node["mode"], node["owner"]) == ("[Interface]\n", "600", "10077:10077")
    assert not [path for path in now["files"]["base"] if path.startswith("/data/local/tmp/pinprobe-")]
    restore(bench.keeper)
    assert bench.document() == before and not bench.keeper.kept


def test_off_takes_it_down_and_leaves_the_rest_to_restore(make: Make, config: Path) -> None:
    bench = with_wireguard(make(34))
    before = bench.document()
    assert not tunnel_off(bench.keeper)
    tunnel_on(bench.keeper, config, NAME)
    assert tunnel_off(bench.keeper)
    assert bench.document()["tunnels"] == [] and bench.document()["appops"] == {}
    restore(bench.keeper)
    assert bench.document() == before


def test_cut_off_anywhere_it_can_be_put_back(make: Make, config: Path) -> None:
    number = 0
    while True:
        bench = with_wireguard(make(34))
        before, start, number = bench.document(), bench.adb.calls, number + 1

        def kill(call: int, at: int = start + number) -> None:
            if call == at:
                raise Killed

        bench.adb.after = kill
        try:
            tunnel_on(bench.keeper, config, NAME)
            break
        except Killed:
            bench.adb.after = lambda call: None
            if bench.keeper.kept:
                restore(bench.keeper)
            assert bench.document() == before, f"cut off after call {number}"
    assert number > 10


def test_without_the_app_or_root_nothing_is_changed(make: Make, config: Path) -> None:
    bench = make(34)
    before = bench.document()
    with pytest.raises(DeviceError, match="is not installed"):
        tunnel_on(bench.keeper, config, NAME)
    assert bench.document() == before and not bench.keeper.kept
    bench = with_wireguard(make(34, root=False))
    before = bench.document()
    with pytest.raises(DeviceError, match="no root"):
        tunnel_on(bench.keeper, config, NAME)
    assert bench.document() == before and not bench.keeper.kept


def test_a_vpn_that_is_up_is_left_alone(make: Make, config: Path) -> None:
    """Nothing could bring it up again at restore."""
    bench = with_wireguard(make(34))

    def net(*names: str) -> Callable[[Any], None]:
        folder = {"mode": "755", "owner": "root:root", "context": "u:object_r:sysfs:s0"}
        return lambda d: d["files"]["base"].update({f"/sys/class/net/{n}".rstrip("/"): folder for n in ("", *names)})

    bench.edit(net("lo", "tunl0", "wlan0"))
    tunnel_on(bench.keeper, config, NAME)
    restore(bench.keeper)
    bench.edit(net("tun0"))
    before = bench.document()
    with pytest.raises(DeviceError, match=r"A VPN is up on the device \(tun0\)"):
        tunnel_on(bench.keeper, config, NAME)
    assert bench.document() == before and not bench.keeper.kept


@pytest.mark.parametrize("name", ["", "a" * 16, "a/b", "a b", "../x", "ü"])
def test_a_name_that_is_none(make: Make, config: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name of a tunnel"):
        tunnel_on(make(34).keeper, config, name)
