"""The proxy setting, and the way to this computer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.android.fake_adb.models import APIS
from tests.device.phones import Bench

from pinprobe.device import reverse
from pinprobe.device.become_root import become_root
from pinprobe.device.errors import DeviceError
from pinprobe.device.proxy import proxy_off, proxy_on
from pinprobe.device.restore import restore

Make = Callable[..., Bench]


@pytest.mark.parametrize("api", APIS)
def test_on_and_off(make: Make, api: int) -> None:
    bench = make(api)
    before = bench.document()
    assert proxy_on(bench.device, bench.keeper, port=8080, emulator=True) == "10.0.2.2:8080"
    assert bench.document()["settings"]["http_proxy"] == "10.0.2.2:8080"
    assert proxy_on(bench.device, bench.keeper, port=8081, emulator=True) == "10.0.2.2:8081"
    proxy_off(bench.device, bench.keeper)
    assert bench.document() == before
    assert not bench.keeper.kept


def test_a_phone_goes_through_the_cable(make: Make) -> None:
    bench = make(33, emulator=False)
    assert proxy_on(bench.device, bench.keeper, port=8080, emulator=False) == "127.0.0.1:8080"
    assert bench.document()["reverse"] == {"tcp:8080": "tcp:8080"}
    reverse.add(bench.device, 8080)
    assert reverse.pairs(bench.device) == (("tcp:8080", "tcp:8080"),)


def test_a_host_of_the_users(make: Make) -> None:
    bench = make(33, emulator=False)
    assert proxy_on(bench.device, bench.keeper, port=8080, emulator=False, host="192.0.2.7") == "192.0.2.7:8080"
    assert bench.document()["reverse"] == {}


def test_a_port_that_leads_elsewhere(make: Make) -> None:
    bench = make(33, emulator=False)
    bench.edit(lambda d: d["reverse"].update({"tcp:8080": "tcp:9"}))
    with pytest.raises(DeviceError, match=r"leads to tcp:9.*--port N"):
        proxy_on(bench.device, bench.keeper, port=8080, emulator=False)
    assert bench.document()["settings"].get("http_proxy") is None


def test_the_proxy_of_before_comes_back(make: Make) -> None:
    bench = make(34)
    bench.device.change("settings", "put", "global", "http_proxy", "10.9.8.7:3128")
    bench.device.change("settings", "put", "global", "global_proxy_pac_url", "http://10.9.8.7/pac")
    before = bench.document()
    proxy_on(bench.device, bench.keeper, port=8080, emulator=True)
    assert "global_proxy_pac_url" not in bench.document()["settings"]
    proxy_off(bench.device, bench.keeper)
    assert bench.document() == before


def test_off_without_a_file_means_none(make: Make) -> None:
    bench = make(34)
    before = bench.document()
    bench.device.change("settings", "put", "global", "http_proxy", "10.0.2.2:8080")
    proxy_off(bench.device, bench.keeper)
    assert bench.document() == before


def test_off_takes_effect_at_once(make: Make) -> None:
    """A deleted setting would only be heeded at the next start: it is emptied before."""
    bench = make(34)
    proxy_on(bench.device, bench.keeper, port=8080, emulator=True)
    start = bench.adb.calls
    proxy_off(bench.device, bench.keeper)
    lines = [call[-1] for call in bench.calls()[start:]]
    emptied = next(n for n, line in enumerate(lines) if "put global http_proxy :0" in line)
    assert emptied < next(n for n, line in enumerate(lines) if "delete global http_proxy" in line)


def test_a_device_that_does_not_keep_it(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = make(34)
    device: Any = bench.device
    change = device.change
    monkeypatch.setattr(
        device, "change", lambda *words, **more: None if "http_proxy" in words else change(*words, **more)
    )
    with pytest.raises(DeviceError, match=r"does not keep its proxy setting.*wireguard"):
        proxy_on(device, bench.keeper, port=8080, emulator=True)


def test_root_gained_later_does_not_break_the_way(make: Make) -> None:
    """ca-install after proxy-on: adbd's restart forgets the port that the proxy setting rests on."""
    bench = make(33, emulator=False)
    before = bench.document()
    proxy_on(bench.device, bench.keeper, port=8080, emulator=False)
    become_root(bench.keeper)
    assert bench.document()["reverse"] == {"tcp:8080": "tcp:8080"}
    restore(bench.keeper)
    assert bench.document() == before
