"""A phase of the app's: progress, crashes, and an end in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.android.fake_adb import models
from tests.device.phones import PACKAGE, Bench

from pinprobe.device import apps
from pinprobe.device.errors import DeviceError
from pinprobe.running import driving
from pinprobe.running.driving import Driver


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps, "SETTLED_S", 0.0)
    monkeypatch.setattr(apps, "THROTTLE_MS", 5)
    monkeypatch.setattr(driving, "LOOK_S", 0.05)
    monkeypatch.setattr(driving, "TELL_S", 0.1)
    monkeypatch.setattr(driving, "GLANCE_S", 0.02)


def driver(bench: Bench, explore: str = "none", watch: Callable[[], None] = lambda: None) -> Driver:
    return Driver(
        device=bench.device, package=PACKAGE, api=34, explore=explore, seed=1, say=bench.said.append, watch=watch
    )


def bench_of(tmp_path: Path, **of_package: object) -> Bench:
    return Bench(tmp_path, tmp_path / "confdir", 34, packages={PACKAGE: models.package(**of_package)})


def test_used_for_so_long_and_ended(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    started = time.monotonic()
    driver(bench).use("control", 0.4, clear=True)
    assert 0.4 <= time.monotonic() - started < 5
    assert PACKAGE not in [process["name"] for process in bench.document()["processes"].values()]
    assert bench.document()["packages"][PACKAGE]["data"] == "cleared"
    assert bench.said[0].startswith(f"control: {PACKAGE} runs; use it") and any("s left" in line for line in bench.said)


def test_the_data_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    driver(bench).use("control", 0.05, clear=False)
    assert bench.document()["packages"][PACKAGE]["data"] == "kept"


def test_driven_by_monkey(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    driver(bench, "monkey").use("test", 0.3, clear=False)
    seeds = [line.split(" -s ")[1].split()[0] for call in bench.calls() if " --throttle " in (line := call[-1])]
    assert seeds[:2] == ["2", "3"], "another course each time, the same in each run"


def test_an_app_that_ends_again_and_again(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)

    def end() -> None:
        def ended(document: dict[str, dict[str, dict[str, object]]]) -> None:
            gone = [pid for pid, process in document["processes"].items() if process["name"] == PACKAGE]
            for pid in gone:
                del document["processes"][pid]

        bench.edit(ended)

    with pytest.raises(DeviceError, match=r"ends again and again: it was started 4 times in the test phase"):
        driver(bench, watch=end).use("test", 20, clear=False)
    assert bench.said.count(f"{PACKAGE} has ended; it is started again") == 3


def test_where_going_on_makes_no_sense(tmp_path: Path) -> None:
    def over() -> None:
        raise DeviceError("mitmdump has ended.", "See above.")

    with pytest.raises(DeviceError, match="mitmdump has ended"):
        driver(bench_of(tmp_path), watch=over).wait("idle", 20)
