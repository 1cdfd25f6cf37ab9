"""A first policy: the report that it was made from meets it, and what is a comment can be taken up."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import yaml
from tests import builders as make
from tests.policy.written import TODAY, policy_in
from tests.report.samples import (
    HOSTILE,
    every_degradation,
    every_reading,
    every_verdict,
    hostile,
    hostile_runs,
    report_of,
    several_runs,
)

from pinprobe.policy import judged_by, starter
from pinprobe.policy.starter import quoted
from pinprobe.report.model import Report
from pinprobe.report.outline import outline_of
from pinprobe.report.ruling import Standing

SAMPLES = [every_verdict, every_reading, every_degradation, several_runs]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.__name__)
def test_the_report_meets_its_own_policy(sample: Callable[[], Report]) -> None:
    outline = outline_of(sample())
    found = judged_by(policy_in(starter(outline)), outline, TODAY).policy
    assert found is not None
    assert (found.standing, found.broken, found.remarks) == (Standing.MET, (), ())


def test_only_what_is_decided_is_expected() -> None:
    found = policy_in(starter(outline_of(every_verdict())))
    assert {(one.host.text, one.verdict) for one in found.expect} == {
        ("api.example.com:443", "pinned"),
        ("login.example.com:443", "pinned"),
        ("cdn.example.net:443", "unpinned"),
        ("metrics.example.net:443", "unpinned"),
        ("xn--bcher-kva.example:443", "unpinned"),
    }
    assert (found.app, found.first_party) == ("com.example.app", ("example.com",))
    assert [one.text for one in found.coverage] == [
        "old.example.com:443",
        "api.example.com:443",
        "login.example.com:443",
        "files.example.com:443",
    ]
    assert "PIN-107" not in found.fail_on and "PIN-105" in found.fail_on


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.__name__)
def test_what_is_a_comment_can_be_taken_up(sample: Callable[[], Report]) -> None:
    text = starter(outline_of(sample()))
    taken_up = re.sub(r"^  # (- host|  verdict|- PIN)", r"  \1", text, flags=re.MULTILINE)
    taken_up = re.sub(r"^# (- what|  host|  reason|  until)", r"  \1", taken_up, flags=re.MULTILINE)
    taken_up = re.sub(r": \[\](\n  )", r":\1", taken_up)
    found = policy_in(taken_up)
    assert len(found.expect) == len(outline_of(sample()).endpoints)
    assert len(found.waivers) == 1


def test_one_port_over_two_transports_is_two_patterns() -> None:
    report = report_of(make.accepted("a.example"), make.accepted("a.example"), make.quic("a.example"))
    text = starter(outline_of(report))
    assert [one.host.text for one in policy_in(text).expect] == ["a.example:443/tcp"]
    assert '# - host: "a.example:443/udp"' in text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("sample", [hostile, hostile_runs], ids=lambda sample: sample.__name__)
def test_hostile_words_stay_words(sample: Callable[[str], Report], text: str) -> None:
    outline = outline_of(sample(text))
    written = starter(outline)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ud800-\udfff]", written)
    found = policy_in(written)
    assert found.app == outline.app_id
    ruled = judged_by(found, outline, TODAY).policy
    assert ruled is not None and not ruled.broken


@pytest.mark.parametrize("text", [*HOSTILE.values(), "\U0001f600 \\ \" ' \n"], ids=[*HOSTILE.keys(), "quotes"])
def test_a_quoted_text_reads_back(text: str) -> None:
    assert yaml.safe_load(quoted(text)) == text
