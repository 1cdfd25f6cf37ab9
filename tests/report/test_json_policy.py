"""The ruling in report.json: what its schema says, and nothing lost."""

from __future__ import annotations

import json

import pytest
from tests.report.rulings import broken_policy, hostile_policy, met_policy
from tests.report.samples import HOSTILE, every_verdict
from tests.report.test_json_format import SCHEMA, valid

from pinprobe.policy.model import MASVS
from pinprobe.report.json_format import render
from pinprobe.report.json_policy import ruling_json
from pinprobe.report.ruling import Standing


def test_it_is_valid_and_whole() -> None:
    report = broken_policy()
    document = valid(render(report))
    assert report.policy is not None and document["policy"] == json.loads(json.dumps(ruling_json(report.policy)))
    assert document["policy"]["standing"] == "broken"
    assert [one["rule_id"] for one in document["policy"]["broken"]] == ["PIN-901", "PIN-901", "PIN-901", "PIN-106"]
    assert [one["until"] for one in document["policy"]["waived"]] == ["2027-01-31", "2027-01-31"]
    assert valid(render(met_policy()))["policy"]["standing"] == "met"


def test_without_a_policy_there_is_none() -> None:
    assert "policy" not in valid(render(every_verdict()))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_come_back_as_they_were(text: str) -> None:
    policy = valid(render(hostile_policy(text)))["policy"]
    assert (
        policy["file"]
        == policy["remarks"][0]
        == policy["broken"][0]["pattern"]
        == policy["waived"][0]["reason"]
        == text
    )


def test_words_are_the_codes_own() -> None:
    fields = SCHEMA["$defs"]["ruling"]["properties"]
    assert fields["standing"]["enum"] == [standing.value for standing in Standing]
    assert fields["masvs"]["enum"] == list(MASVS)
