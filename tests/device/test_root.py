"""adbd as root and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.android.fake_adb.models import APIS
from tests.device.phones import Bench

from pinprobe.device.become_root import become_root
from pinprobe.device.errors import DeviceError
from pinprobe.device.restore import restore
from pinprobe.device.root import is_root, to_root, to_shell

Make = Callable[..., Bench]


@pytest.mark.parametrize("api", APIS)
def test_to_root_and_back(make: Make, api: int) -> None:
    device = make(api).device
    to_root(device)
    assert is_root(device)
    to_root(device)
    to_shell(device)
    assert not is_root(device)


@pytest.mark.parametrize("api", [28, 34])
def test_a_refusal_changes_nothing_and_keeps_nothing(make: Make, api: int) -> None:
    """Older adbs refuse with exit code 0."""
    bench = make(api, root=False)
    before = bench.document()
    with pytest.raises(DeviceError, match=r"gives no root.*production builds.*without the Play store"):
        become_root(bench.keeper)
    assert bench.document() == before and not bench.keeper.file.exists()


def test_ports_of_others_survive_the_restart(make: Make) -> None:
    """adbd forgets them when it restarts."""
    bench = make(34)
    bench.device.adb_change("reverse", "tcp:9000", "tcp:9001")
    before = bench.document()
    become_root(bench.keeper)
    assert bench.document()["reverse"] == before["reverse"] != {}
    restore(bench.keeper)
    assert bench.document() == before


def test_a_device_that_is_root_already_stays_so(make: Make) -> None:
    bench = make(34)
    to_root(bench.device)
    become_root(bench.keeper)
    assert not bench.keeper.kept
