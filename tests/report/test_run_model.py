"""What a report holds of each run."""

from __future__ import annotations

from tests import builders as b
from tests.experiments import REFUSING, seen_of, session
from tests.rooms import all_judged

from pinprobe.report.run_model import endpoint_run, run_report
from pinprobe.runs import Role


def test_a_run_with_its_own_verdicts() -> None:
    run = session("R2", *REFUSING, number=1, label="1.0")
    report = run_report(run, all_judged(b.journal(*REFUSING)))
    assert (report.session_id, report.role, report.label, report.ca_store) == ("s1", Role.R2, "1.0", "user")
    assert report.ended_s - report.started_s > 3 and report.connections == 3
    assert {verdict.value: count for verdict, count in report.verdicts.items() if count} == {"pinned": 1}


def test_an_endpoint_in_a_run() -> None:
    seen = seen_of(session("R2", *REFUSING))
    one = endpoint_run(seen)
    assert (one.role, one.verdict, one.reason) == (Role.R2, seen.judgement.verdict, seen.judgement.reason)
