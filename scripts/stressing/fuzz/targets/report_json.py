"""report.json, which comes back: `check` and `diff` read it, and so does the list of all reports."""

from __future__ import annotations

import json
from functools import cache
from random import Random

from pinprobe.evidence import Evidence
from pinprobe.report import index, json_format
from pinprobe.report.careful import NoReport
from pinprobe.report.index_cache import IndexCache
from pinprobe.report.model import build_report
from pinprobe.report.outline_reader import outline_by
from pinprobe.report.said import said_by
from stressing.fuzz import journals
from stressing.fuzz.json_values import json_mutated
from stressing.fuzz.mutation import mutated
from stressing.fuzz.target import Check, Target
from stressing.fuzz.targets.evidence import sound


def _prepare() -> Check:
    def check(data: bytes) -> None:
        IndexCache(data.decode("utf-8", "replace")).text()
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            return
        for read in (outline_by, said_by):
            try:
                read(document)
            except NoReport:
                pass
        try:
            entry = index.entry_of(document, "app/session")
        except ValueError:
            return
        index.render([entry])

    return check


@cache
def _seeds() -> tuple[bytes, ...]:
    made = []
    for journal in journals.sessions()[:5]:
        evidence = Evidence()
        for event in sound(journal):
            evidence.feed(event)
        evidence.finish()
        made.append(json_format.render(build_report(evidence, evidence.apps()[0], "")).encode())
    return (*made, b'{"version": 1, "entries": {}}')


def _mutated(data: bytes, chance: Random) -> bytes:
    return mutated(data, chance) if chance.randrange(10) == 0 else json_mutated(data, chance)


TARGET = Target(
    name="report_json",
    about="report.json, as check, diff and the list of reports read it",
    prepare=_prepare,
    seeds=_seeds,
    mutate=_mutated,
)
