"""What the package manager says of an app."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.android.fake_adb import models
from tests.device.phones import PACKAGE, Bench

from pinprobe.device.errors import DeviceError
from pinprobe.device.packages import PackageFacts, package_facts, parse

Make = Callable[..., Bench]


@pytest.mark.parametrize("api", [28, 34])
def test_an_installed_app(make: Make, api: int) -> None:
    """Newer versions call the number appId."""
    facts = package_facts(make(api).device, PACKAGE)
    assert facts == PackageFacts(package=PACKAGE, uid=10123, version_name="1.2.3", target_sdk=34, debuggable=False)


def test_a_debuggable_build(make: Make) -> None:
    assert package_facts(make(34, packages={PACKAGE: models.package(debuggable=True)}).device, PACKAGE).debuggable


def test_an_app_that_is_not_there(make: Make) -> None:
    with pytest.raises(DeviceError, match=r"org.none.app is not installed.*adb install"):
        package_facts(make(34).device, "org.none.app")


def test_hostile_dumps() -> None:
    empty = PackageFacts(package="a.b", uid=None, version_name="", target_sdk=None, debuggable=False)
    assert parse("a.b", "") == empty
    assert parse("a.b", "Package [a.b] (1):\n  versionName=\x1b[31mx").version_name == "[31mx"
    # Another app's block comes first, and says more of itself.
    assert parse("a.b", "Package [x] (1):\n  flags=[ DEBUGGABLE ]\nPackage [a.b] (2):\n  flags=[ ]") == empty
