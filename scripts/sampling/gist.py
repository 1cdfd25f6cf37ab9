"""What two runs of the demo must agree on, whatever the clock and the dice did. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pinprobe.verdicts import RULES

_RULE = {rule.id: rule for rule in RULES}


def gist(report: Mapping[str, Any]) -> dict[str, Any]:
    """By endpoint: verdict, confidence, rule, and the states of the signals that the rule names."""
    return {
        f"{one['endpoint']['host']}:{one['endpoint']['port']}": {
            "verdict": one["verdict"],
            "confidence": one["confidence"],
            "rule_id": one["rule_id"],
            "owner": one["owner"]["registrable_domain"],
            "signals": _named(one),
        }
        for one in report["endpoints"]
    }


def _named(one: Mapping[str, Any]) -> dict[str, str]:
    rule = _RULE[one["rule_id"]]
    confirming = {signal for group in rule.confirmed_if for signal in group}
    named = {*rule.present, *rule.any_present, *rule.lacking, *confirming}
    return {signal["id"]: signal["state"] for signal in one["signals"] if signal["id"] in named}
