"""The answer of a policy: ids, words, and never a pass out of nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pinprobe.attempts import Endpoint
from pinprobe.findings import FINDINGS
from pinprobe.report.ruling import POLICY_RULES, Breach, Ruling, Standing, Waived

AT = Endpoint(app_id="app", host="a.example", port=443, transport="udp")
BREACH = Breach(what="expect", endpoint=AT, pattern="*", text="t")
RULING = Ruling(
    policy="p.yaml", masvs="L1", day="2026-11-26", standing=Standing.MET, checks=3, broken=(), waived=(), remarks=()
)


def test_ids_are_stable_and_nobody_elses() -> None:
    assert [(rule.what, rule.id) for rule in POLICY_RULES] == [("expect", "PIN-901"), ("coverage", "PIN-902")]
    assert not {rule.id for rule in POLICY_RULES} & {check.id for check in FINDINGS}
    assert BREACH.rule_id == "PIN-901"
    assert replace(BREACH, what="PIN-107").rule_id == "PIN-107"


def test_a_breach_is_about_an_endpoint_or_a_pattern() -> None:
    assert BREACH.subject == "a.example:443/udp"
    assert replace(BREACH, endpoint=None).subject == "*"


@pytest.mark.parametrize(
    ("ruling", "says"),
    [
        (RULING, "Policy met: 3 checks, none failed."),
        (replace(RULING, checks=1), "Policy met: 1 check, none failed."),
        (
            replace(RULING, waived=(Waived(breach=BREACH, reason="r", until="2027-01-01"),)),
            "Policy met: 3 checks, 1 waived.",
        ),
        (replace(RULING, standing=Standing.BROKEN, broken=(BREACH,)), "Policy broken: 1 of 3 checks failed."),
        (
            replace(RULING, standing=Standing.NOTHING_OBSERVED, broken=(BREACH,)),
            "Policy not judged: no endpoint was put to the test, and that is no pass.",
        ),
    ],
)
def test_the_sentence(ruling: Ruling, says: str) -> None:
    assert ruling.sentence == says
