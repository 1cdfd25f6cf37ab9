"""What a device says of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.device.phones import Bench

from pinprobe.device.errors import DeviceError
from pinprobe.device.facts import require_usable

Make = Callable[..., Bench]


def test_an_emulator_with_root(make: Make) -> None:
    facts = make(34).facts
    assert (facts.api, facts.release, facts.emulator, facts.root_allowed, facts.play) == (34, "14", True, True, False)
    assert facts.model == "sdk_gphone64_x86_64"
    require_usable(facts)


def test_an_old_one_names_itself_by_another_property(make: Make) -> None:
    assert make(23).facts.emulator


def test_an_image_with_the_play_store(make: Make) -> None:
    facts = make(34, root=False).facts
    assert facts.play and not facts.root_allowed


def test_a_phone(make: Make) -> None:
    facts = make(33, root=False, emulator=False).facts
    assert not facts.emulator and not facts.play


def prop(bench: Bench, name: str, value: str) -> None:
    def change(document: Any) -> None:
        document["props"][name] = value

    bench.edit(change)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [("sys.boot_completed", "", "not started"), ("ro.build.version.sdk", "19", "level 19.*21")],
)
def test_devices_that_cannot_be_used(make: Make, name: str, value: str, says: str) -> None:
    bench = make(34)
    prop(bench, name, value)
    with pytest.raises(DeviceError, match=says):
        require_usable(bench.facts)


def test_hostile_properties(make: Make) -> None:
    bench = make(34)
    prop(bench, "ro.product.model", "\x1b[31m" + "x" * 500)
    assert bench.facts.model.isprintable() and len(bench.facts.model) <= 60
    prop(bench, "ro.build.version.sdk", "34; reboot")
    with pytest.raises(DeviceError, match="does not say its API level"):
        _ = bench.facts
