"""The command line with a fake device behind it, inside this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.device.phones import Bench, Near

ADB_IN = (
    "pinprobe.cli.device.common.Adb",
    "pinprobe.cli.device.restore.Adb",
    "pinprobe.cli.device.emulator.Adb",
    "pinprobe.cli.run.Adb",
    "pinprobe.device.doctor.Adb",
)


def connected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Bench]:
    """Make a device by API level; every command of this test sees it."""

    def make(api: int = 34, **of_phone: Any) -> Bench:
        bench = Bench(tmp_path, tmp_path / "confdir", api, **of_phone)
        monkeypatch.setenv("PINPROBE_STATE", str(bench.state))
        for place in ADB_IN:
            monkeypatch.setattr(place, lambda: Near(bench.folder))
        return bench

    return make
