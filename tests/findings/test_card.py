"""FINDINGS, the table: whole cards, in order, silent where there is nothing to say."""

from __future__ import annotations

import re

import pytest
from tests import builders as b
from tests.rooms import all_judged

from pinprobe.findings import FINDINGS, Check, Judged, Level, Seen, findings_of
from pinprobe.findings.card import SHOWN

REFERENCE = re.compile(r"MASVS-NETWORK-[12]|MASWE-\d{4}|MASTG-TEST-\d{4}|CWE-\d+")


@pytest.mark.parametrize("check", FINDINGS, ids=lambda check: check.id)
def test_every_check_is_whole(check: Check) -> None:
    assert re.fullmatch(r"PIN-\d{3}", check.id)
    assert check.title and not check.title.endswith(".")
    assert check.why.endswith(".") and check.remedy.endswith(".")
    assert check.references and all(REFERENCE.fullmatch(reference) for reference in check.references)


def test_ids_are_unique_and_the_loudest_come_first() -> None:
    assert len({check.id for check in FINDINGS}) == len(FINDINGS)
    loudness = [Level.ERROR, Level.WARNING, Level.NOTE]
    assert [check.level for check in FINDINGS] == sorted((c.level for c in FINDINGS), key=loudness.index)


def test_nothing_is_found_in_nothing() -> None:
    assert findings_of(Seen()) == []


def test_the_evidence_quotes_some_and_counts_the_rest() -> None:
    hosts = [f"host{number}.example.com" for number in range(SHOWN + 3)]
    judgements = all_judged(b.journal(*[b.accepted_unknown_ca(host) for host in hosts]))
    (finding,) = findings_of(Seen(judged=tuple(Judged(judgement=one, first_party=False) for one in judgements)))
    assert [endpoint.host for endpoint in finding.endpoints] == hosts
    assert finding.evidence.count("host") == SHOWN
    assert finding.evidence.endswith("; and 3 more")


def test_few_are_all_quoted() -> None:
    judgements = all_judged(b.journal(*[b.accepted_unknown_ca(f"host{number}.example.com") for number in range(SHOWN)]))
    (finding,) = findings_of(Seen(judged=tuple(Judged(judgement=one, first_party=False) for one in judgements)))
    assert finding.evidence.count("host") == SHOWN
    assert "more" not in finding.evidence
