"""The table in the terminal."""

from __future__ import annotations

import re

import pytest
from tests import builders as make
from tests.report.samples import HOSTILE, every_verdict, hostile, report_of, times

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
    assert lines[0].startswith("com.example.app: 2 of 14 endpoints reject a certificate")
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


def test_colour_only_when_asked() -> None:
    assert "\x1b" not in render(every_verdict())
    coloured = render(every_verdict(), colour=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(every_verdict())
    assert "\x1b[1;31maccepts untrusted\x1b[0m" in coloured


def test_an_address_with_colons_is_bracketed() -> None:
    assert "[2001:db8::1]:443" in render(report_of(make.accepted("2001:db8::1")))
