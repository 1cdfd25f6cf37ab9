"""Our words for probes and outcomes."""

from __future__ import annotations

from tests import builders as make
from tests.report.samples import report_of, times

from pinprobe.attempts import Outcome
from pinprobe.probes import PROBES
from pinprobe.report import words
from pinprobe.signals import Signal, State
from pinprobe.verdicts import Verdict


def test_nothing_lacks_a_word() -> None:
    assert set(words.OUTCOMES) == set(Outcome)
    assert set(words.CHANGES) == set(words.NEXT) == set(Verdict)
    assert set(words.PROBES) <= {plan.id for plan in PROBES}
    assert all(words.probe_word(plan.id) for plan in PROBES)
    assert words.probe_word("leaf_as_ca") == "leaf as ca"


def test_an_alert_is_named_with_its_number() -> None:
    said = words.outcome_words(Outcome.ALERT_DURING_HANDSHAKE, 46)
    assert said == "refused in the handshake: certificate_unknown (46)"
    assert words.outcome_words(Outcome.SILENT, None) == "connected, stayed silent"


def test_a_signal_with_its_counts() -> None:
    signal = Signal(id="refused", state=State.PRESENT, count=3, of=4, note="")
    assert words.signal_words(signal) == "refused at least once (3 of 4)"
    unknown = Signal(id="refused", state=State.UNKNOWN, count=0, of=0, note="nothing shown")
    assert words.signal_words(unknown) == "refused at least once: nothing shown"


def counts(*connections: make.Events) -> list[str]:
    return words.probe_counts(report_of(*connections).endpoints[0])


def test_counts_per_probe() -> None:
    m = make
    assert counts(*times(6, m.refused_alert()), *times(3, m.relayed_ok())) == ["trusted CA 6/6 refused", "control 3/3"]
    assert counts(m.relayed_ok(), m.relayed_failed()) == ["control 1/2"]
    assert counts(m.accepted(), m.refused_alert()) == ["trusted CA 1/2 accepted, 1/2 refused"]
    assert counts(*(m.accepted(probe_id=p) for p in "abcdef"))[4:] == ["2 more probes"]
    assert counts(m.silent()) == ["trusted CA 1 undecided"]
    assert counts(m.relayed_ok(worked=None)) == ["control 1 undecided"]


def test_a_silent_close_counts_as_a_refusal_only_where_it_was_judged_so() -> None:
    m = make
    assert counts(*times(2, m.pinned_after_handshake())) == ["trusted CA 2/2 refused"]
    beside = [*m.accepted(), m.closed(30.0)]
    beside = [event for event in beside if event != m.closed(requests=2)]
    assert counts(beside, m.pinned_after_handshake()) == ["trusted CA 1/2 accepted"]
