"""The table in the terminal."""

from __future__ import annotations

import re

import pytest
from tests import builders as make
from tests.report.samples import HOSTILE, every_degradation, every_verdict, hostile, report_of, times

from pinprobe.report.text import LEAST_WIDTH, render


def test_the_table() -> None:
    m = make
    report = report_of(
        *times(2, m.refused_alert()), m.relayed_ok(), *times(2, m.accepted("cdn.example.net")), m.quic(), app_id="app"
    )
    rows = render(report).split("\n\n")[1].splitlines()
    assert [re.split(r"  +", row)[:3] for row in rows if not row.startswith(" ")] == [
        ["verdict", "confidence", "endpoint"],
        ["pinned", "unproven", "api.example.com:443"],
        ["unpinned", "probable", "cdn.example.net:443"],
        ["not tested", "–", "video.example.net:443/udp"],
    ]


def test_sentence_and_notices_come_first() -> None:
    lines = render(every_verdict()).splitlines()
    assert lines[0].startswith("com.example.app: 2 of 13 endpoints reject a certificate")
    assert any(line.startswith("ERROR: pinprobe itself failed") for line in lines)
    assert any(line.startswith("PIN-107 error:") for line in lines)


def test_an_empty_session_is_no_pass() -> None:
    text = render(report_of())
    assert "This says nothing about pinning." in text
    assert "WARNING: Nothing was observed" in text
    assert "verdict " not in text


@pytest.mark.parametrize("width", [0, 80, 100, 200])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_word_acts_on_the_terminal_or_leaves_the_table(text: str, width: int) -> None:
    rendered = render(hostile(text), width=width)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", rendered)
    assert max(map(len, rendered.splitlines())) <= max(width, LEAST_WIDTH)


def test_a_host_is_never_cut() -> None:
    host = "a." * 100 + "example"
    text = render(report_of(make.accepted(host)))
    column = "".join(
        re.split(r"  +", line)[2 if line[0] != " " else 1] for line in text.split("\n\n")[1].splitlines()[1:]
    )
    assert f"{host}:443" in column


def test_fallbacks_are_told_one_line_a_step() -> None:
    """After the table and before the findings; the steps of a group stand together."""
    m = make
    report = report_of(
        *(step for _ in range(3) for step in (m.refused_alert(), m.cleartext(), m.accepted("backup.example.net"))),
        *times(9, m.relayed_ok()),
        every_s=4.0,
    )
    blocks = [block.splitlines() for block in render(report, width=200).split("\n\n")]
    told = [n for n, block in enumerate(blocks) if block[0].startswith("api.example.com:443 fell back to")]
    assert told == [2]
    assert blocks[1][0].startswith("verdict") and blocks[3][0].startswith("PIN-")
    assert blocks[2] == [
        "api.example.com:443 fell back to api.example.com:80: without TLS, after 3 of 3 refusals and none of 9 "
        "attempts that worked, 3960 ms later",
    ]


def test_two_places_are_two_lines() -> None:
    m = make
    report = report_of(
        *(step for _ in range(3) for step in (m.refused_alert(), m.cleartext(), m.accepted("backup.example.net"))),
        *times(9, m.relayed_ok()),
    )
    block = next(b.splitlines() for b in render(report, width=200).split("\n\n") if " fell back to " in b)
    assert block == [
        "api.example.com:443 fell back to api.example.com:80: without TLS, after 3 of 3 refusals and none of 9 "
        "attempts that worked, 960 ms later",
        "api.example.com:443 fell back to backup.example.net:443: after 3 of 3 refusals and none of 9 attempts that "
        "worked, 1962 ms later",
    ]


def test_without_fallbacks_no_line_of_them() -> None:
    assert " fell back to " not in render(
        report_of(*times(3, make.refused_alert()), *times(9, make.relayed_ok()), make.cleartext())
    )


def test_each_group_of_the_report_is_there() -> None:
    report = every_degradation()
    told = [line for line in render(report, width=300).splitlines() if " fell back to " in line]
    assert [line.partition(": ")[0] for line in told] == [
        f"{source.host}:{source.port} fell back to {step.target.host}:{step.target.port}"
        for group in report.fallback_groups
        for source, step in group.steps
    ]
    assert len(told) == 2


def test_colour_only_when_asked() -> None:
    assert "\x1b" not in render(every_verdict())
    coloured = render(every_verdict(), colour=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(every_verdict())
    assert "\x1b[1;31maccepts untrusted\x1b[0m" in coloured


def test_an_address_with_colons_is_bracketed() -> None:
    assert "[2001:db8::1]:443" in render(report_of(make.accepted("2001:db8::1")))
