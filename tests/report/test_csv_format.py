"""CSV: a row for each endpoint, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.rulings import broken_policy, hostile_policy
from tests.report.samples import HOSTILE, every_verdict, report_of

from pinprobe.report import csv_format
from pinprobe.report.csv_format import HEAD
from pinprobe.report.model import Report
from pinprobe.report.outline import outline_of


def rows_of(report: Report) -> list[dict[str, str]]:
    """The rows by column; each has every column."""
    lines = list(csv.reader(io.StringIO(csv_format.render(outline_of(report)), newline=""), strict=True))
    assert tuple(lines[0]) == HEAD and {len(line) for line in lines} == {len(HEAD)}
    return [dict(zip(HEAD, line, strict=True)) for line in lines[1:]]


def test_a_row_for_each_endpoint() -> None:
    report = every_verdict()
    rows = rows_of(report)
    assert [(row["host"], int(row["port"]), row["transport"]) for row in rows] == [
        (name.host, name.port, name.transport) for name in (one.judgement.endpoint for one in report.endpoints)
    ]
    assert rows[0] == {
        "app": "com.example.app",
        "session": report.session.session_id,
        "host": "ads.example.org",
        "port": "443",
        "transport": "tcp",
        "verdict": "unpinned",
        "confidence": "confirmed",
        "rule": "accepts_untrusted",
        "reason": report.endpoints[0].judgement.reason,
        "owner": "Example Ads",
        "whose": "app",
        "attempts": "4",
        "findings": "PIN-107 error: Accepts certificates of a CA that nobody trusts",
        "policy": "",
    }


def test_what_the_policy_says_is_in_it() -> None:
    rows = rows_of(broken_policy())
    said = {row["host"]: row["policy"] for row in rows if row["policy"]}
    assert said["ads.example.org"].startswith("waived until 2027-01-31: PIN-107 ads.example.org:443: ")
    assert said["old.example.com"].startswith("broken: PIN-106 old.example.com:443: ")
    assert [row["policy"].partition(" (")[0] for row in rows if not row["host"]] == [
        "broken: expect nowhere.example: expected pinned, probable or better; no such host was seen",
        rows[-1]["policy"].partition(" (")[0],
    ]
    assert rows[-1]["policy"].startswith("waived until 2027-01-31: coverage video.example.net")


def test_nothing_observed_is_a_row_that_says_so() -> None:
    (row,) = rows_of(report_of())
    assert row["policy"] == "No TLS connection reached the proxy. This says nothing about pinning."


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_are_no_formulas_and_break_no_row(text: str) -> None:
    # Plain, but no host either, so that what is said of such domains is said of both.
    rows, plain = rows_of(hostile_policy(text)), rows_of(hostile_policy("plain/text"))
    assert len(rows) <= len(plain)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())


@given(st.sampled_from("=+-@\t\r＝＋－＠"), st.text(max_size=5))
def test_a_formula_is_shown_as_text(first: str, rest: str) -> None:
    assert csv_format._cell(first + rest) == f"'{first}{rest}"


def test_other_cells_are_as_they_are() -> None:
    assert [csv_format._cell(value) for value in ("", "a=b", 443, " x")] == ["", "a=b", "443", " x"]


def test_the_devices_own_is_told_from_the_apps() -> None:
    report = every_verdict()
    assert [row["whose"] for row in rows_of(report)] == ["app"] * 13 + ["device"]
