"""Notices on QUIC, and on libraries that take no notice of a proxy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.builders import Events
from tests.report.samples import report_of

from pinprobe import events as ev
from pinprobe.evidence import evidence_of
from pinprobe.report.model import Report, build_report

YES = b.accepted()


def blocked(connection: Events) -> Events:
    return [replace(event, blocked=True) if isinstance(event, ev.DatagramSeen) else event for event in connection]


def by_way_of(listener: str, connection: Events) -> Events:
    return [
        replace(event, listener=listener) if isinstance(event, ev.ConnectionOpened) else event for event in connection
    ]


def said(report: Report, id: str) -> list[tuple[str, str]]:
    return [(notice.level.value, notice.text) for notice in report.notices if notice.id == id]


def test_quic_that_is_let_pass_is_not_tested() -> None:
    ((level, text),) = said(report_of(YES, b.quic("video.example.net"), b.quic("a.example.net")), "quic_seen")
    assert level == "warning" and text.startswith("QUIC was let pass (2×, to a.example.net, video.example.net)")
    assert not said(report_of(YES), "quic_seen")


def test_quic_that_is_blocked_is_a_note() -> None:
    report = report_of(YES, *[blocked(b.quic(f"h{n}.example.net")) for n in range(8)])
    ((level, text),) = said(report, "quic_blocked")
    assert level == "note" and "and 3 more" in text
    assert not said(report, "quic_seen")


FLUTTER = b.package(libraries=("flutter",))


@pytest.mark.parametrize(
    ("connections", "words"),
    [
        ([], "and no connection came"),
        ([YES], "what it sends may not be among these"),
        ([by_way_of("wireguard@51820", YES)], None),
        ([by_way_of("transparent@8080", YES)], None),
        ([by_way_of("socks5@1080", YES)], "may not be among these"),
    ],
)
def test_flutter(connections: list[Events], words: str | None) -> None:
    found = said(report_of(FLUTTER, *connections), "ignores_proxy")
    assert [level for level, _ in found] == ([] if words is None else ["warning"])
    assert all("Flutter" in text and (words or "") in text for _, text in found)


def test_a_package_without_such_a_library_says_nothing() -> None:
    assert not said(report_of(b.package(libraries=("okhttp",)), YES), "ignores_proxy")


def test_names_that_are_looked_up_in_vain_name_the_library() -> None:
    lookups = [b.lookup("api.example.net")] * 2
    report = report_of(FLUTTER, YES, *lookups, *[YES] * 20)
    ((_, text),) = said(report, "bypass_candidates")
    assert "api.example.net" in text and text.endswith("its package has Flutter, which takes no notice of proxies.")


def test_sockets_that_go_past_the_proxy() -> None:
    around = [ev.AroundSeen(at_s=0.0, app_id=app, sockets=n) for app, n in [("com.example.app", 1), ("com.two", 9)]]
    ((level, text),) = said(report_of(YES, around, [replace(around[0], sockets=3)]), "goes_around")
    assert level == "warning" and text.startswith(
        "The device's socket table shows 3 connections of the app to port 443"
    )
    assert "Flutter" in said(report_of(FLUTTER, YES, around), "goes_around")[0][1]
    assert not said(report_of(YES, around[1:]), "goes_around")


def test_another_apps_report_says_nothing_of_the_named_one() -> None:
    around: Events = [ev.AroundSeen(at_s=0.0, app_id="com.example.app", sockets=1)]
    evidence = evidence_of(b.journal(FLUTTER, around, b.attributed("com.two", YES)))
    ids = {notice.id for notice in build_report(evidence, "com.two", "").notices}
    assert not ids & {"ignores_proxy", "goes_around"}
    assert {"ignores_proxy", "goes_around"} <= {n.id for n in build_report(evidence, "com.example.app", "").notices}
