"""The ruling in a terminal."""

from __future__ import annotations

import re

import pytest
from tests.report.rulings import broken_policy, hostile_policy
from tests.report.samples import HOSTILE, every_verdict

from pinprobe.report import text as terminal
from pinprobe.report.policy_text import WIDTH, ruling_lines


def test_what_is_broken_what_is_waived_and_what_to_know() -> None:
    ruling = broken_policy().policy
    assert ruling is not None
    lines = list(ruling_lines(ruling, width=200))
    assert lines[0] == "Policy broken: 4 of 6 checks failed, 2 waived. (policy.yaml, as of 2026-11-26)"
    assert lines[1].startswith(
        "BROKEN expect flutter.example.net:443: expected pinned, probable or better; it is pinned,"
    )
    assert any(
        line == "waived PIN-107 ads.example.org:443: error: Accepts certificates of a CA that nobody trusts "
        "(until 2027-01-31: ticket 1)"
        for line in lines
    )
    assert lines[-1].startswith("note: the waiver of PIN-101 for * (policy.yaml:11) expired on 2026-01-31")


def test_the_table_in_the_terminal_says_it() -> None:
    assert "Policy broken: 4 of 6 checks failed" in terminal.render(broken_policy())
    assert "Policy" not in terminal.render(every_verdict())


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_act_on_nothing(text: str) -> None:
    ruling = hostile_policy(text).policy
    assert ruling is not None
    lines = list(ruling_lines(ruling))
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", "".join(lines))
    assert max(map(len, lines)) <= WIDTH
