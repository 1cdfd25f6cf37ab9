"""What must be known of the package: which one it is, what build, what it distrusts, what of it was not read."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as make
from tests.builders import Events
from tests.report.samples import report_of

NO, OK = make.refused_alert(), make.relayed_ok()
USER: dict[str, Any] = {"ca_store": "user"}
OURS = {
    "another_package",
    "debuggable_build",
    "user_cas_not_trusted",
    "declared_unreached",
    "package_problems",
    "package_without_app",
}

CASES: dict[str, tuple[list[Events], dict[str, Any], set[str]]] = {
    "no package": ([NO, OK], USER, set()),
    "one that trusts user-added CAs": (
        [make.package(user_cas=True), make.declares(anchors=("system", "user")), NO],
        USER,
        set(),
    ),
    "one that does not": ([make.package(), make.declares(), NO], USER, {"user_cas_not_trusted"}),
    "one that does for one host": (
        [make.package(), make.declares(), make.declares("b.example", anchors=("user",)), NO],
        USER,
        set(),
    ),
    "one that does not, before any host": ([make.package()], USER, {"user_cas_not_trusted"}),
    "one that does not, in the system store": ([make.package(), make.declares(), NO], {"ca_store": "system"}, set()),
    "debuggable": ([make.package(debuggable=True), NO], {}, {"debuggable_build"}),
    "another package": (
        [
            make.package(package="org.example.other", pin_sets=(make.pin_set("pay.example.com", "p"),)),
            make.declares(),
            NO,
        ],
        USER,
        {"another_package"},
    ),
    "the app has a label only": (
        [make.package(app_id="my app"), NO],
        {"app_id": "my app"},
        set(),
    ),
    "no app named": ([make.package(), NO], {"app_id": None}, {"package_without_app"}),
    "apps told apart, and this one called otherwise": (
        [make.package(app_id="my app"), make.attributed("com.example.app", NO)],
        {"app_id": "my app"},
        {"package_without_app"},
    ),
    "apps told apart, no app named": (
        [make.package(), make.attributed("com.example.app", NO), OK],
        {"app_id": None},
        set(),
    ),
    "never contacted": (
        [make.package(pin_sets=(make.pin_set("pay.example.com", "p"),)), NO],
        {},
        {"declared_unreached"},
    ),
    "contacted": ([make.package(pin_sets=(make.pin_set("api.example.com", "p"),)), NO], {}, set()),
    "torn": ([make.package(problems=("torn",)), NO], {}, {"package_problems"}),
}


@pytest.mark.parametrize(("connections", "of_session", "expected"), CASES.values(), ids=CASES.keys())
def test_notices(connections: list[Events], of_session: dict[str, Any], expected: set[str]) -> None:
    report = report_of(*connections, **of_session)
    assert {notice.id for notice in report.notices} & OURS == expected


def test_many_problems_are_counted() -> None:
    report = report_of(make.package(problems=tuple(f"problem {number}" for number in range(9))), NO)
    (text,) = [notice.text for notice in report.notices if notice.id == "package_problems"]
    assert text.endswith("problem 4; and 4 more.")
