"""Chains come back from JSON as they went in."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.advice.made import CHAIN, LEAF, chain, issued_under

from pinprobe.report.json_chain import certificate_json, chain_in, chain_json


@pytest.mark.parametrize("one", [CHAIN, issued_under("other"), chain(), chain(LEAF)])
def test_there_and_back(one: Any) -> None:
    written = json.loads(json.dumps(chain_json(one)))
    assert chain_in(written["certificates"], written["root"]) == one


def test_a_moment_beyond_the_calendar_comes_back_as_none() -> None:
    written = certificate_json(replace(LEAF, not_after_s=1e18))
    assert written["not_after"] is None
    assert chain_in([written], None).certificates[0].not_after_s == 0


@pytest.mark.parametrize(
    "wrong", [None, {}, "x", [1], [{}], [{"subject": 1}], [{**certificate_json(LEAF), "not_after": "x"}]]
)
def test_what_is_no_chain(wrong: Any) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        chain_in(wrong, None)
