"""What the two tools found, read from their JSON: what is clean, what is waived and why, what is left, what nobody knows."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NEVER_SAID_BY_RUFF = {
    "B404": "importing subprocess is no fault; every call is looked at by itself",
    "B405": "importing ElementTree is no fault; it writes, and reads what we wrote ourselves",
}
"""Rules on mere imports, which ruff has in its preview alone."""
_NOQA = re.compile(r"# noqa: (?P<codes>[A-Z0-9, ]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The outcome of one tool."""

    clean: int
    """How many were looked at and are fine."""
    waived: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Could not be audited; that is not clean."""


def waivers(pyproject: str) -> Mapping[str, str]:
    """Rules of flake8-bandit that the project leaves out, by bandit's name for them, with the reason that stands there."""
    ignored = tomllib.loads(pyproject)["tool"]["ruff"]["lint"]["ignore"]
    reasons: dict[str, str] = {}
    for line in pyproject.splitlines():
        if line.strip().startswith('"S') and "#" in line:
            # The first: what the tests leave out comes later, with reasons of its own.
            reasons.setdefault(line.split('"')[1], line.partition("#")[2].strip())
    return {f"B{code[1:]}": reasons[code] for code in ignored if code.startswith("S")} | NEVER_SAID_BY_RUFF


def code(report: str, ignored: Mapping[str, str], root: Path) -> Audit:
    """bandit's report. A line that ruff was told to pass (`# noqa: S505`) is waived for bandit's rule of that number."""
    document = json.loads(report)
    waived: dict[str, int] = {}
    wrong = [f"{error['filename']}: {error['reason']}" for error in document["errors"]]
    for found in document["results"]:
        rule, line, file = found["test_id"], found["line_number"], Path(found["filename"])
        lines = (root / file).read_text(encoding="utf-8").splitlines()
        here = "\n".join(lines[number - 1] for number in (line, *found["line_range"]) if number <= len(lines))
        codes = {one.strip() for match in _NOQA.finditer(here) for one in match["codes"].split(",")}
        if rule in ignored:
            why = f"{rule}: {ignored[rule]}"
        elif f"S{rule[1:]}" in codes:
            why = f"{rule} at {file}: the reason stands there"
        else:
            wrong.append(f"{rule} at {file}:{line}: {found['issue_text']}")
            continue
        waived[why] = waived.get(why, 0) + 1
    said = tuple(f"{why} ({count}×)" for why, count in sorted(waived.items()))
    files = sum(1 for name in document["metrics"] if name != "_totals")
    return Audit(clean=files, waived=said, wrong=tuple(wrong))


def packages(report: str) -> Audit:
    """pip-audit's report. It calls packages that it could not look up clean, so they are counted here."""
    dependencies: Sequence[Mapping[str, Any]] = json.loads(report)["dependencies"]
    wrong = tuple(
        f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no release'}"
        for one in dependencies
        for fault in one.get("vulns", ())
    )
    unknown = tuple(str(one["name"]) for one in dependencies if "vulns" not in one)
    return Audit(clean=sum("vulns" in one and not one["vulns"] for one in dependencies), wrong=wrong, unknown=unknown)
