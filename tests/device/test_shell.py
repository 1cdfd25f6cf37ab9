"""How the device's answers come back, from old devices too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.device.phones import Bench

from pinprobe.device.errors import DeviceLost, Refused

Make = Callable[..., Bench]


@pytest.mark.parametrize("api", [23, 34])
def test_exit_codes_and_output(make: Make, api: int) -> None:
    """Below Android 7 adb gives no exit code back, and a terminal's line ends."""
    device = make(api).device
    answer = device.ask("getprop", "ro.build.version.sdk")
    assert (answer.code, answer.out) == (0, f"{api}\n")
    assert device.ask("cat", "/nothing").code == 1
    assert device.ask("frobnicate").code == 127
    assert not device.succeeds("test", "-e", "/nothing")


def test_what_fails_is_said(make: Make) -> None:
    device = make(34).device
    with pytest.raises(Refused, match="no command `frobnicate`"):
        device.change("frobnicate")
    with pytest.raises(Refused, match=r"exit code 1.*Read-only"):
        device.change("rm", "-f", "/system/etc/security/cacerts/00000000.0")
    assert device.change("rmdir", "/nothing", may_fail=True).code == 1


def test_an_answer_that_breaks_off(make: Make) -> None:
    bench = make(34)
    bench.edit(lambda d: d.update(restarting=True))
    with pytest.raises(DeviceLost, match="closed"):
        bench.device.ask("id")


def test_several_in_one_call(make: Make) -> None:
    bench = make(34)
    before = bench.adb.calls
    assert bench.device.lines(("getprop", "ro.debuggable"), ("settings", "get", "global", "nothing")) == ["1", "null"]
    assert bench.adb.calls == before + 1
    with pytest.raises(DeviceLost, match="not whole"):
        bench.device.lines(
            ("cat", "/nothing"),
        )


def test_words_from_outside_are_never_a_command(make: Make) -> None:
    """A package name, had it not been checked already, would still be one word."""
    bench = make(34)
    before = bench.document()
    bench.device.ask("pm", "path", "x; settings put global http_proxy evil:1")
    bench.device.ask("pm", "path", "$(settings put global http_proxy evil:1)")
    assert bench.document() == before


def test_a_dry_run_prints_and_changes_nothing(make: Make) -> None:
    bench = make(34)
    before = bench.document()
    bench.dry.change("settings", "put", "global", "x", "a b")
    bench.dry.change_each([("umount", "-l", "/a"), ("umount", "-l", "/b")])
    bench.dry.adb_change("reverse", "tcp:1", "tcp:1")
    assert bench.document() == before
    serial = bench.device.serial
    assert bench.said == [
        f"adb -s {serial} shell 'settings put global x '\"'\"'a b'\"'\"''",
        f"adb -s {serial} shell 'umount -l /a ; umount -l /b'",
        f"adb -s {serial} reverse tcp:1 tcp:1",
    ]
