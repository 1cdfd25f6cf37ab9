"""PIN-107: a certificate that nobody should trust was accepted, on whosever host."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import HOST, all_judged

from pinprobe.findings import Judged, Seen, findings_of


@pytest.mark.parametrize("first_party", [True, False])
@pytest.mark.parametrize(
    ("events", "found"),
    [
        (journal(b.accepted(), b.accepted_unknown_ca(HOST)), True),
        (journal(b.accepted(), b.refused_unknown_ca(HOST)), False),
        (journal(b.accepted(), b.accepted()), False),
        (journal(b.refused_alert(), b.refused_alert(), b.relayed_ok()), False),
    ],
    ids=["accepts it", "refuses it", "never asked", "pinned"],
)
def test_no_validation(events: Events, found: bool, first_party: bool) -> None:
    judged = [Judged(judgement=judgement, first_party=first_party) for judgement in all_judged(events)]
    assert ("PIN-107" in {finding.id for finding in findings_of(Seen(judged=tuple(judged)))}) is found
