"""The evidence of one endpoint, by stack, in bounded memory."""

from __future__ import annotations

from pinprobe.attempts import Endpoint
from pinprobe.evidence.endpoint import OTHER_STACKS, EndpointEvidence
from pinprobe.thresholds import STACKS_KEPT


def test_a_stack_is_made_once() -> None:
    about = EndpointEvidence(endpoint=Endpoint(app_id="app", host="host", port=443, transport="tcp"))
    assert about.stack("one") is about.stack("one")
    assert about.stack("one") is not about.stack("two")


def test_stacks_beyond_the_bound_are_counted_together() -> None:
    about = EndpointEvidence(endpoint=Endpoint(app_id="app", host="host", port=443, transport="tcp"))
    names = [f"stack {number}" for number in range(STACKS_KEPT + 10)]
    kept = [about.stack(name).stack for name in names]
    assert kept == names[:STACKS_KEPT] + [OTHER_STACKS] * 10
    assert about.stack(names[3]).stack == names[3], "the known ones stay known"
