"""Zygotes, what they forked, and an app's own processes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.android.fake_adb.models import APIS
from tests.device.phones import PACKAGE, Bench

from pinprobe.device import apps
from pinprobe.device.processes import children, of_app, parse, processes, zygotes

Make = Callable[..., Bench]


@pytest.mark.parametrize("api", APIS)
def test_as_the_device_lists_them(make: Make, api: int) -> None:
    bench = make(api)
    apps.launch(bench.device, PACKAGE)
    listed = processes(bench.device, api)
    assert zygotes(listed) == ((300,) if api >= 34 else (300, 301))
    (own,) = of_app(listed, PACKAGE)
    assert set(children(listed)) == {900, 901, own}
    assert of_app(listed, "com.example") == ()


def test_an_apps_other_processes_are_its_own() -> None:
    listing = "PID PPID NAME\n1 0 init\n7 1 zygote\n8 7 a.b\n9 7 a.b:remote\n10 7 a.bc\nx y z\n11\n"
    assert of_app(parse(listing), "a.b") == (8, 9)


@pytest.mark.parametrize("listing", ["", "nonsense", "\n\n", "PID NAME\n1 x"])
def test_what_is_no_listing(listing: str) -> None:
    assert list(parse(listing)) == []
