"""What `pm list packages -U` prints."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pinprobe.attribution.packages import packages_of, read_packages

LISTED = """\
package:com.example.one uid:10101
package:com.android.settings uid:1000
package:android uid:1000
package:com.example.work uid:10103,1010103

WARNING: linker: something else
package:no.uid.here
package:com.example.one uid:10101
"""


def test_packages_by_user_id() -> None:
    assert read_packages(LISTED) == {
        10101: ("com.example.one",),
        1000: ("com.android.settings", "android"),
        10103: ("com.example.work",),
        1010103: ("com.example.work",),
    }


def test_the_same_app_of_another_user_is_the_same_app() -> None:
    known = read_packages(LISTED)
    assert packages_of(1010101, known) == packages_of(10101, known) == ("com.example.one",)
    assert packages_of(1052, known) == ()


def test_carriage_returns_of_old_devices_do_not_matter() -> None:
    assert read_packages(LISTED.replace("\n", "\r\n")) == read_packages(LISTED)


@given(st.text())
def test_anything_is_read(text: str) -> None:
    assert all(uid >= 0 and packages for uid, packages in read_packages(text).items())
