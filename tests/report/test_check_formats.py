"""The answer of `check` in each form."""

from __future__ import annotations

import json

import pytest
from tests.report.rulings import broken_policy, hostile_policy
from tests.report.samples import HOSTILE

from pinprobe.report.check_formats import FORMATS
from pinprobe.report.outline import outline_of


def test_text_begins_with_the_app_and_the_answer() -> None:
    lines = FORMATS["text"](outline_of(broken_policy())).splitlines()
    assert lines[0].startswith("com.example.app: 2 of 13 endpoints reject")
    assert lines[1].startswith("Policy broken: 4 of 6 checks failed, 2 waived.")


def test_json_is_the_ruling_and_whom_it_is_about() -> None:
    document = json.loads(FORMATS["json"](outline_of(broken_policy())))
    assert (document["app"], document["policy"]["standing"]) == ("com.example.app", "broken")
    assert len(document["policy"]["broken"]) == 4


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_every_form_can_be_printed_whatever_the_words(name: str, text: str) -> None:
    answer = FORMATS[name](outline_of(hostile_policy(text)))
    answer.encode("utf-8")
    assert answer.endswith("\n")
    assert not any((c < " " and c != "\n") or "\x7f" <= c <= "\x9f" for c in answer)
