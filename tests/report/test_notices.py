"""What a reader must know, exactly when it is true."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as make
from tests.report.samples import every_reading, report_of, times

from pinprobe import events as ev

M = make
PINNED = [*times(2, M.refused_alert()), M.relayed_ok()]


def ids(*connections: make.Events, **of_session: Any) -> list[str]:
    return [notice.id for notice in report_of(*connections, **of_session).notices]


@pytest.mark.parametrize(
    ("id", "connections", "of_session"),
    [
        ("nothing_observed", [], {}),
        ("ca_never_trusted", PINNED, {}),
        ("observe_mode", [M.accepted()], {"mode": "observe"}),
        ("no_control", [M.refused_alert()], {}),
        ("unattributed", [M.accepted()], {"app_id": None}),
        ("attribution_declared", [M.accepted()], {}),
        ("quic_seen", [M.quic()], {}),
        ("connections_failed", [M.refused_unknown_ca()], {}),
        ("connections_failed", [M.accepted(probe_id="self_signed")], {}),
        ("connections_failed", [M.replayed()], {}),
        ("chains_not_replayed", [M.chain_known("a.example", refused="it expired")], {}),
        ("tool_error", [M.accepted(), M.tool_failed()], {}),
        ("recording_stopped", [M.accepted(), M.recording_stopped()], {}),
        ("not_written", [M.accepted(), M.tool_failed(ev.UNWRITTEN, "The disk refuses")], {}),
        ("written_again", [M.accepted(), M.tool_failed(ev.WRITTEN_AGAIN, "The disk takes")], {}),
        ("clock_set", [M.accepted(), M.tool_failed(ev.CLOCK_SET, "The clock was set")], {}),
    ],
)
def test_shown_when_true(id: str, connections: list[make.Events], of_session: dict[str, Any]) -> None:
    assert id in ids(*connections, **of_session)


@pytest.mark.parametrize(
    ("id", "connections", "of_session"),
    [
        ("nothing_observed", [M.quic()], {}),
        ("ca_never_trusted", [*PINNED, M.accepted("b")], {}),
        ("ca_never_trusted", [M.relayed_ok()], {}),
        ("observe_mode", [M.accepted()], {}),
        ("no_control", PINNED, {}),
        ("no_control", [M.accepted()], {}),
        ("no_control", [M.refused_alert()], {"mode": "observe"}),
        ("unattributed", [M.accepted()], {}),
        ("attribution_declared", [], {}),
        ("quic_seen", [M.accepted()], {}),
        ("connections_failed", [*PINNED, M.accepted("b")], {}),
        ("chains_not_replayed", [M.chain_known("a.example")], {}),
        ("chains_not_replayed", [M.chain_known("a.example", refused="it expired")], {"mode": "observe"}),
        ("chains_not_replayed", [M.chain_known("a.example", refused="it expired")], {"contrasts": False}),
        ("tool_error", [M.accepted()], {}),
        ("recording_stopped", [M.accepted()], {}),
    ],
)
def test_not_shown_when_false(id: str, connections: list[make.Events], of_session: dict[str, Any]) -> None:
    assert id not in ids(*connections, **of_session)


def text_of(id: str, *connections: make.Events) -> str:
    return next(notice.text for notice in report_of(*connections).notices if notice.id == id)


def test_how_many_connections_were_meant_to_fail() -> None:
    shown = [*times(3, M.accepted()), M.refused_unknown_ca(), *times(2, M.refused_alert(probe_id="expired"))]
    assert text_of("connections_failed", *shown).startswith(
        "3 of 6 TLS connections were shown certificates that a careful app refuses (1 contrast, 2 bad certificates): "
    )


def test_why_chains_could_not_be_replayed() -> None:
    many = [M.chain_known(f"{n}.example", refused=f"reason {n}") for n in range(7)]
    mine = M.chain_known("z.example", source="file", refused="it expired")
    assert text_of("chains_not_replayed", *many, mine, M.chain_known("good.example")) == (
        "8 of 9 genuine chains could not be replayed to other hosts: z.example: it expired; 0.example: reason 0; "
        "1.example: reason 1; 2.example: reason 2; 3.example: reason 3; and 3 more."
    )


def test_what_replays_show_stands_without_trust_in_the_ca() -> None:
    assert "stands without" not in text_of("ca_never_trusted", *PINNED)
    text = next(notice.text for notice in every_reading().notices if notice.id == "ca_never_trusted")
    assert text.endswith("What replayed chains show stands without that.")


@pytest.mark.parametrize(
    ("where", "says"),
    [
        (
            ev.PACKAGE,
            ("package_not_read", "The app's package could not be read: no room. What it declares is not known."),
        ),
        (ev.APP_LOG, ("log_not_read", "The app's log could not be read: no room. What it would name is not known.")),
    ],
)
def test_what_could_not_be_read_is_no_error_of_ours(where: str, says: tuple[str, str]) -> None:
    report = report_of(M.accepted(), M.tool_failed(where, "no room"))
    assert says in {(notice.id, notice.text) for notice in report.notices}
    assert "tool_error" not in {notice.id for notice in report.notices}


def test_a_tool_error_says_where_what_and_how_often() -> None:
    report = report_of(M.accepted(), M.tool_failed(), M.tool_failed())
    text = next(notice.text for notice in report.notices if notice.id == "tool_error")
    assert text == "pinprobe itself failed in tls_clienthello: KeyError: 'x' (2×). The traffic went on."
