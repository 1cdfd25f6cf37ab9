"""Events that are sound one by one, in any order: evidence, schedule and verdicts survive what never happens."""

from __future__ import annotations

from collections.abc import Iterator

from tests import builders as make

from pinprobe import events as ev
from pinprobe.attempts import AttemptFold
from pinprobe.evidence import Evidence
from pinprobe.schedule import Plan, Schedule
from pinprobe.verdicts import Verdict, judge_all
from stressing.fuzz import journals
from stressing.fuzz.target import Broken, Check, Target

VERDICTS = frozenset(Verdict)


def sound(data: bytes) -> Iterator[ev.Event]:
    """The events among these lines, behind the one that begins a session."""
    begun = False
    for line in data.splitlines():
        try:
            event = ev.from_json(line)
        except ev.EventError:
            continue
        if not begun and not isinstance(event, ev.SessionStarted):
            yield make.session()
        elif begun and isinstance(event, ev.SessionStarted):
            continue
        begun = True
        yield event


def _prepare() -> Check:
    def check(data: bytes) -> None:
        evidence, fold = Evidence(), AttemptFold()
        schedule = Schedule(Plan(seed=1, mode="experiment", probes=("expired",), contrasts=True))
        for event in sound(data):
            evidence.feed(event)
            schedule.learn(event)
            if (settled := fold.feed(event)) is not None:
                schedule.observe(settled)
        evidence.finish()
        for app_id in evidence.apps():
            for judgement in judge_all(evidence, app_id):
                if judgement.verdict not in VERDICTS or not judgement.reason:
                    raise Broken(f"no verdict: {judgement}")

    return check


TARGET = Target(
    name="evidence",
    about="sound events in any order: evidence, schedule, verdicts",
    prepare=_prepare,
    seeds=journals.sessions,
    mutate=journals.journal_mutated,
)
