"""Policies from text, and reports to hold against them."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from pinprobe.config import read_tree
from pinprobe.policy import Policy, judged_by, policy_of
from pinprobe.report.model import Report
from pinprobe.report.outline import outline_of
from pinprobe.report.ruling import Breach, Ruling

TODAY = date(2026, 11, 26)


def policy(text: str, name: str = "policy.yaml") -> Policy:
    """The policy in this text; `version: 1` is put before it."""
    return policy_in(f"version: 1\n{text}", name)


def policy_in(text: str, name: str = "policy.yaml") -> Policy:
    """The policy in this text as it stands."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text)
        return policy_of(read_tree(path, name), name)


def ruling(text: str, report: Report, today: date = TODAY) -> Ruling:
    """What this policy says of the report."""
    found = judged_by(policy(text), outline_of(report), today).policy
    assert found is not None
    return found


def named(breaches: tuple[Breach, ...]) -> list[tuple[str, str]]:
    """What is broken, and where."""
    return [(breach.what, breach.subject) for breach in breaches]
