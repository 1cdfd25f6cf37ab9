"""One pinprobe at a time changes a device: held against a real second process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.device.phones import SERIAL, Bench

from pinprobe.device.alone import alone
from pinprobe.device.errors import DeviceError
from pinprobe.device.keeper import state_file

Make = Callable[..., Bench]

HOLDS = """
import sys
from pathlib import Path
from pinprobe.device.adb import Adb
from pinprobe.device.alone import alone
from pinprobe.device.shell import Device
with alone(Device(Adb("adb"), sys.argv[1], dry=False), Path(sys.argv[2])):
    print("inside", flush=True)
    sys.stdin.read()
"""


@contextmanager
def other(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that works with the device until it is killed or told to end."""
    command = [sys.executable, "-c", HOLDS, SERIAL, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "inside\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_process_is_refused_and_told_why(make: Make) -> None:
    bench = make(34)
    with other(bench.state) as first:
        with pytest.raises(DeviceError, match=rf"Another pinprobe works with this device \(process {first.pid}\)"):
            with alone(bench.device, bench.state):
                pytest.fail("two at once")
        first.communicate("")  # it ends by itself
    with alone(bench.device, bench.state):
        pass


def test_the_lock_goes_with_a_killed_process(make: Make) -> None:
    bench = make(34)
    with other(bench.state) as first:
        first.kill()
        first.wait()
        assert state_file(SERIAL, bench.state).with_suffix(".lock").exists(), "left behind, and held by nobody"
        with alone(bench.device, bench.state), alone(bench.device, bench.state):
            pass  # this process itself may ask again
    assert not list(bench.state.iterdir())


def test_another_device_and_a_dry_run_are_free(make: Make, tmp_path: Path) -> None:
    bench = make(34)
    bench.device.dry = True
    with other(bench.state), alone(bench.device, bench.state):
        pass
    bench.device.dry, bench.device.serial = False, "R58M123"
    with other(bench.state), alone(bench.device, bench.state):
        pass
