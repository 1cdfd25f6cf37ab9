"""scripts/audit: what is clean, waived, wrong, and what could not be looked at, which is never clean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditing.__main__ import CLEAN, UNKNOWN, WRONG, told
from auditing.findings import Audit, code, packages, waivers

ROOT = Path(__file__).parents[2]
IGNORED = {"B101": "narrows a type"}


def bandit(*results: tuple[str, int], errors: tuple[Any, ...] = ()) -> str:
    found = [
        {"test_id": rule, "filename": "a.py", "line_number": line, "line_range": [line], "issue_text": "…"}
        for rule, line in results
    ]
    return json.dumps({"results": found, "errors": errors, "metrics": {"_totals": {}, "a.py": {}}})


def test_what_stands_beside_a_line_or_in_the_settings_is_waived(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("assert x\nkey(1024)  # noqa: S505  # on purpose\nkey(1024)\n")
    audit = code(bandit(("B101", 1), ("B101", 1), ("B505", 2), ("B505", 3)), IGNORED, tmp_path)
    assert audit.waived == ("B101: narrows a type (2×)", "B505 at a.py: the reason stands there (1×)")
    assert audit.wrong == ("B505 at a.py:3: …",)


def test_a_noqa_for_another_rule_waives_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("eval(x)  # noqa: S505\n")
    assert len(code(bandit(("B307", 1)), IGNORED, tmp_path).wrong) == 1


def test_a_file_that_bandit_cannot_read_is_wrong(tmp_path: Path) -> None:
    audit = code(bandit(errors=({"filename": "b.py", "reason": "syntax error"},)), IGNORED, tmp_path)
    assert audit.wrong == ("b.py: syntax error",)


def test_every_waiver_of_the_project_has_its_reason() -> None:
    found = waivers((ROOT / "pyproject.toml").read_text())
    assert {"B101", "B603"} <= found.keys()
    assert all(len(reason) > 10 for reason in found.values())


def test_packages_that_could_not_be_looked_up_are_not_clean() -> None:
    report = {
        "dependencies": [
            {"name": "good", "version": "1", "vulns": []},
            {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]},
            {"name": "unknown", "skip_reason": "Dependency not found"},
        ]
    }
    audit = packages(json.dumps(report))
    assert (audit.clean, audit.wrong, audit.unknown) == (1, ("bad 2: PYSEC-1, mended in 3",), ("unknown",))


@pytest.mark.parametrize(
    ("audit", "exit_code"),
    [
        (Audit(clean=1), CLEAN),
        (Audit(clean=1, waived=("B101",)), CLEAN),
        (Audit(clean=0, unknown=("package",)), UNKNOWN),
        (Audit(clean=0, unknown=("package",), wrong=("B307",)), WRONG),
    ],
)
def test_exit_codes(audit: Audit, exit_code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert told({"code": audit}) == exit_code
    assert ("not clean" in capsys.readouterr().out) == bool(audit.unknown)
