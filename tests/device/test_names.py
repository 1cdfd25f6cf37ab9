"""What comes from outside is checked before it goes into any command."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pinprobe.device import names


@pytest.mark.parametrize("good", ["com.example.app", "a.b", "com.Example.App_2"])
def test_package_names(good: str) -> None:
    assert names.package_name(good) == good


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "app",
        "com..app",
        ".com.app",
        "com.app.",
        "1com.app",
        "com.1app",
        "com.app;reboot",
        "com.app\n",
        "com. app",
        "com.äpp.x",
        "com.app-x",
        "-com.app",
        "com." + "a" * 230,
        "com.$(x).y",
        "com/app.x",
    ],
)
def test_other_words_are_no_package_names(bad: str) -> None:
    with pytest.raises(ValueError, match="no package name"):
        names.package_name(bad)


@pytest.mark.parametrize(
    "good", ["emulator-5554", "R58M12ABC", "192.0.2.7:5555", "[2001:db8::1]:5555"[1:], "adb-R5-x._adb"]
)
def test_serials(good: str) -> None:
    assert names.serial(good) == good


@pytest.mark.parametrize("bad", ["", "-s", "a b", "a;b", "a'b", "a\n", "x" * 200, "$(x)"])
def test_other_words_are_no_serials(bad: str) -> None:
    with pytest.raises(ValueError, match="no serial"):
        names.serial(bad)


@pytest.mark.parametrize(("check", "good", "bad"), [
    (names.port, "8080", ["0", "65536", "-1", "８", "", "80 "]),
    (names.host, "10.0.2.2", ["", "a b", "-a", "a;b", "a/b", "x" * 300]),
    (names.avd_name, "my-avd_1.2", ["", "-x", "a b", "a;b", "x" * 101]),
])  # fmt: skip
def test_ports_hosts_and_emulators(check: Callable[[str], object], good: str, bad: list[str]) -> None:
    assert str(check(good)) == good
    for text in bad:
        with pytest.raises(ValueError):
            check(text)
