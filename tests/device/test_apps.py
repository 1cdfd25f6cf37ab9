"""Starting and ending an app."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.android.fake_adb import models
from tests.device.phones import PACKAGE, Bench

from pinprobe.device import apps
from pinprobe.device.errors import DeviceError

Make = Callable[..., Bench]


def no_sleep(_: float) -> None: ...


@pytest.mark.parametrize("api", [23, 34])
def test_started_and_ended(make: Make, api: int) -> None:
    bench = make(api)
    before = bench.document()
    apps.launch(bench.device, PACKAGE)
    apps.require_started(bench.device, PACKAGE, api, no_sleep)
    apps.stop(bench.device, PACKAGE)
    assert not apps.is_running(bench.device, PACKAGE, api)
    assert bench.document() == before


def test_an_app_that_crashes_at_its_start(make: Make) -> None:
    bench = make(34, packages={PACKAGE: models.package(crashes=True)})
    apps.launch(bench.device, PACKAGE)
    with pytest.raises(DeviceError, match=r"crashed at its start.*logcat -b crash"):
        apps.require_started(bench.device, PACKAGE, 34, no_sleep)


def test_an_app_without_an_icon(make: Make) -> None:
    bench = make(34, packages={PACKAGE: models.package(launcher=False)})
    with pytest.raises(DeviceError, match="nothing that can be started"):
        apps.launch(bench.device, PACKAGE)


def test_cleared(make: Make) -> None:
    bench = make(34)
    apps.clear(bench.device, PACKAGE)
    assert bench.document()["packages"][PACKAGE]["data"] == "cleared"
    with pytest.raises(DeviceError, match="cannot be cleared"):
        apps.clear(bench.device, "org.none.app")


def test_monkey_is_bounded_and_keeps_to_the_app(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps, "THROTTLE_MS", 1)
    bench = make(34)
    assert apps.monkey(bench.device, PACKAGE, 7)
    line = bench.calls()[-1][-1]
    assert line.startswith(f"monkey -p {PACKAGE} --throttle 1 --pct-syskeys 0 -s 7 10")
