"""diagnosed_pin, diagnosed_other_cause: what the app's own log says of refusals here."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.rooms import HOST, answer, judged, said
from tests.rounds import Part, story

from pinprobe.events import UNATTRIBUTED
from pinprobe.signals import State
from pinprobe.signals.in_app_diagnostic import DIAGNOSED_OTHER_CAUSE, DIAGNOSED_PIN

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, OK = b.refused_alert(), b.relayed_ok()
ELSEWHERE = "cdn.example.net"


def refusals(*lines: Events, refusal: Events = NO, number: int = 2, gap_s: float = 0.2) -> list[Part]:
    """Refusals ten seconds apart, each followed by these lines."""
    return [
        part for n in range(number) for part in [(10.0 * n, refusal), *((10.0 * n + gap_s, line) for line in lines)]
    ]


def later(*parts: Part) -> Events:
    return story(*parts, (50.0, OK))


PIN, PIN_ALONE = b.log_line("pin", HOST), b.log_line("pin")
DISTRUST, DISTRUST_HERE = b.log_line("distrust"), b.log_line("distrust", HOST)

CASES: dict[str, tuple[Events, State, State]] = {
    "a pin, for this host": (later(*refusals(PIN)), P, A),
    "a pin, alone in its two seconds": (later(*refusals(PIN_ALONE)), P, A),
    "distrust, alone": (later(*refusals(DISTRUST)), A, P),
    "Certificate Transparency": (later(*refusals(b.log_line("ct"))), A, P),
    "the host name": (later(*refusals(b.log_line("hostname", HOST))), A, P),
    "distrust, then the host name": (
        later((0.0, NO), (0.1, DISTRUST), (10.0, NO), (10.1, b.log_line("hostname", HOST))),
        A,
        P,
    ),
    "after the handshake": (later(*refusals(PIN, refusal=b.pinned_after_handshake())), P, A),
    "a second before the end is seen": (later(*((at_s + 1.0, p) for at_s, p in refusals(PIN, gap_s=-0.9))), P, A),
    "no line at all": (later(*refusals()), U, U),
    "one refusal named of many": (later((0.0, NO), (0.1, PIN), *((10.0 * n, NO) for n in range(1, 5))), U, U),
    "one refusal named by many lines": (later((0.0, NO), *[(0.1, PIN)] * 5, (10.0, NO)), U, U),
    "a pin and distrust, of one refusal": (later(*refusals(PIN, DISTRUST_HERE)), U, U),
    "a pin once, and distrust often": (later(*refusals(DISTRUST), (30.0, NO), (30.1, PIN)), U, U),
    "another host's": (later(*refusals(b.log_line("pin", ELSEWHERE))), U, U),
    "another app's": (later(*refusals(b.log_line("pin", HOST, app_id="com.two"))), U, U),
    "too late": (later(*refusals(PIN, gap_s=2.2)), U, U),
    "long before": (later((0.0, PIN), (10.0, PIN), (5.0, NO), (15.0, NO)), U, U),
    "a cause that nobody knows": (later(*refusals(b.log_line("moon", HOST))), U, U),
    "without a host, beside another host's refusal": (
        later(*refusals(PIN_ALONE), *((10.0 * n + 1.5, b.refused_alert(ELSEWHERE)) for n in range(2))),
        U,
        U,
    ),
    "with its host, beside another host's refusal": (
        later(*refusals(PIN), *((10.0 * n + 1.5, b.refused_alert(ELSEWHERE)) for n in range(2))),
        P,
        A,
    ),
    "beside another stack's refusal of the same host": (
        later(*refusals(PIN), *((10.0 * n + 1.0, b.refused_alert(stack=b.FLUTTER)) for n in range(2))),
        U,
        U,
    ),
    "beside another port's": (
        later(*refusals(PIN), *((10.0 * n + 1.0, b.refused_alert(port=8443)) for n in range(2))),
        U,
        U,
    ),
    "without a host, beside a refusal that nobody could name the app of": (
        later(
            *refusals(PIN_ALONE),
            *((10.0 * n + 1.0, b.attributed(UNATTRIBUTED, b.refused_alert(ELSEWHERE))) for n in range(2)),
        ),
        U,
        U,
    ),
    "with its host, beside one of another host that nobody could name": (
        later(
            *refusals(PIN),
            *((10.0 * n + 1.0, b.attributed(UNATTRIBUTED, b.refused_alert(ELSEWHERE))) for n in range(2)),
        ),
        P,
        A,
    ),
    "beside another app's refusal": (
        later(
            *refusals(PIN_ALONE),
            *((10.0 * n + 1.0, b.attributed("com.two", b.refused_alert(ELSEWHERE))) for n in range(2)),
        ),
        P,
        A,
    ),
    "beside what another host accepts": (
        later(*refusals(PIN_ALONE), *((10.0 * n + 0.5, b.accepted(ELSEWHERE)) for n in range(2))),
        P,
        A,
    ),
    "a certificate that nobody should trust, here": (
        later(*refusals(), *refusals(DISTRUST_HERE, refusal=b.refused_unknown_ca(HOST))),
        U,
        U,
    ),
    "a certificate that nobody should trust, elsewhere, at that moment": (
        later(*refusals(DISTRUST), *((10.0 * n + 0.5, b.refused_unknown_ca(ELSEWHERE)) for n in range(2))),
        U,
        U,
    ),
    "a pin, while other certificates are shown here": (
        later(*refusals(PIN), *((10.0 * n + 0.5, b.replayed(kind="foreign", alert=46)) for n in range(2))),
        P,
        A,
    ),
    "another cause, while other certificates are shown here": (
        later(*refusals(DISTRUST), *((10.0 * n + 0.5, b.replayed(kind="foreign", alert=46)) for n in range(2))),
        U,
        U,
    ),
    "a pin, under another certificate alone": (
        later(*refusals(PIN, refusal=b.refused_unknown_ca(HOST)), (30.0, NO), (40.0, NO)),
        U,
        U,
    ),
    "a relay that fails": (later(*refusals(PIN, refusal=b.relayed_failed())), U, U),
    "what is accepted": (later(*refusals(PIN, refusal=b.accepted())), U, U),
}


@pytest.mark.parametrize(("events", "pin", "other"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, pin: State, other: State) -> None:
    assert (answer(DIAGNOSED_PIN, events).state, answer(DIAGNOSED_OTHER_CAUSE, events).state) == (pin, other)


def test_it_counts_refusals_not_lines_and_names_the_cause() -> None:
    signal = answer(DIAGNOSED_PIN, later(*refusals(PIN, PIN_ALONE, number=3), (40.0, NO)))
    assert (signal.count, signal.of, signal.note) == (3, 4, "a pin")


def test_the_order_of_the_journal_does_not_matter() -> None:
    """Lines come through a program of their own, late or early."""
    events = later(*refusals(PIN))
    moved = sorted(events[1:], key=lambda event: type(event).__name__ == "DiagnosticSeen")
    assert answer(DIAGNOSED_PIN, [events[0], *moved]).state is P


def test_the_reasons_say_so() -> None:
    pinned, other = judged(later(*refusals(PIN))), judged(later(*refusals(b.log_line("ct"))))
    assert said(pinned) == ("pinned", "confirmed", "diagnosed")
    assert pinned.reason == (
        "refused 2 of 2, alert certificate_unknown (46); the app's log names a pin for 2 of them; control worked 1 of 1"
    )
    assert said(other) == ("inconclusive", "none", "diagnostic_other_cause")
    assert other.reason == (
        "refused 2 of 2, alert certificate_unknown (46); the app's log names Certificate Transparency for 2 of them, "
        "and no pin"
    )


def test_a_decrypted_request_outweighs_the_log() -> None:
    """Whatever the log says of refusals, what was read was read."""
    for line in (PIN, DISTRUST_HERE):
        assert judged(later(*refusals(line), (30.0, b.accepted()))).verdict.value not in {"pinned"}


def test_more_attempts_than_are_remembered_answer_nothing() -> None:
    crowd = [(0.01 * n, NO) for n in range(300)]
    assert answer(DIAGNOSED_PIN, later(*crowd, *((at_s + 20, part) for at_s, part in refusals(PIN)))).state is U
