"""Markdown for a pull request: short, folded, and every word of others in a code span."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import builders as make
from tests.report.rulings import broken_policy, hostile_policy, met_policy
from tests.report.samples import HOSTILE, every_verdict, report_of

from pinprobe.report import markdown
from pinprobe.report.markdown import code, prose
from pinprobe.report.model import Report
from pinprobe.report.outline import outline_of

SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
"""A code span (CommonMark 0.31, 6.1): as many marks at its end as at its beginning."""


APART = 6
"""Lines of a table of the device's own: a name in capitals is no first party's, and so may be in it."""


def render(report: Report) -> str:
    return markdown.render(outline_of(report))


def outside(text: str) -> str:
    """What is left without the code spans: our own words and marks."""
    return SPAN.sub("", text)


def test_a_report() -> None:
    text = render(every_verdict())
    assert text.startswith("### pinprobe: `com.example.app`\n\n2 of 13 endpoints reject")
    assert text.count("<details>") == text.count("</details>") == 3
    assert "| **PIN-107** Accepts certificates of a CA that nobody trusts | error | 1 |" in text
    assert (
        "| unpinned, confirmed | `ads.example.org:443` | `sent data under a CA that nobody trusts (2 of 2)` | PIN-107 |"
        in text
    )


def test_a_policy_comes_first() -> None:
    blocks = render(broken_policy()).split("\n\n")
    assert blocks[2] == "❌ **Policy broken: 4 of 6 checks failed, 2 waived.** `policy.yaml`, as of 2026-11-26"
    assert blocks[3].startswith("- ❌ `expect flutter.example.net:443: ")
    assert "until 2027-01-31: `ticket 1`" in render(broken_policy())
    assert "expired on 2026-01-31" in render(broken_policy())
    assert "✅ **Policy met: 1 check, none failed.**" in render(met_policy())


def test_nothing_observed_is_no_pass() -> None:
    text = render(report_of())
    assert "This says nothing about pinning." in text and "> **warning**" in text and "✅" not in text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_stay_in_their_spans_and_rows(text: str) -> None:
    rendered, plain = render(hostile_policy(text)), render(hostile_policy("plain"))
    assert rendered.count("\n") <= plain.count("\n") + APART
    assert re.fullmatch(r"[A-Za-z0-9 \n|#*<>/,.;:'()×–❌-]*", outside(rendered)), outside(rendered)
    assert set(re.findall(r"<[^>]*>", outside(rendered))) <= {"<details>", "</details>", "<summary>", "</summary>"}
    for line in rendered.splitlines():
        if line.startswith("|"):
            assert line.count("|") == 5, "a bar of others would make another cell"


def test_a_comment_fits_however_much_there_is() -> None:
    hosts = [f"{'x' * 60}{n}.example.com" for n in range(900)]
    report = report_of(*(make.accepted(host) for host in hosts for _ in range(2)), first_party=("example.com",))
    text = render(report)
    assert len(text) <= 65_536
    left_out = re.search(r"and (\d+) more in report.json", text)
    assert left_out is not None
    assert int(left_out[1]) == 900 - text.count("| unpinned, probable |")


def test_a_comment_fits_whatever_the_words() -> None:
    assert len(render(hostile_policy("\x00" * 1000))) <= 65_536


@given(st.text(max_size=60))
def test_any_text_is_one_span(text: str) -> None:
    span = code(text)
    assert "\n" not in span and "|" not in span
    assert span == "–" or (SPAN.fullmatch(span) and outside(span) == "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("No TLS connection (as it seems).", "No TLS connection (as it seems)."),
        ("see http://a.example", "`see http://a.example`"),
        ("www.a.example", "`www.a.example`"),
        ("@someone", "`@someone`"),
        ("<b>", "`<b>`"),
        ("commit deadbeef", "`commit deadbeef`"),
        ("", "–"),
    ],
)
def test_our_own_sentences_stay_as_they_are(text: str, shown: str) -> None:
    assert prose(text) == shown
