"""What each TLS stack answered to replayed chains, in words that its own calibration allows."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as make
from tests.report.samples import every_reading, report_of, times

from pinprobe.report.replays import SETTLED, VOUCHES, ReplayReport
from pinprobe.signals.replay import Element

M = make
REFUSED = [*times(3, M.refused_alert()), M.relayed_ok()]


def replay(*connections: make.Events, **of_session: Any) -> ReplayReport:
    """The one replay at the usual host."""
    endpoint = next(
        e for e in report_of(*connections, **of_session).endpoints if e.judgement.endpoint.host == "api.example.com"
    )
    (found,) = endpoint.replays
    return found


def words(found: ReplayReport) -> list[str]:
    return [f"{answer.count} {answer.words}" for chain in found.chains for answer in chain.answers]


def test_genuine_comes_first_then_the_same_ca_then_others() -> None:
    shown = next(e for e in every_reading().endpoints if e.judgement.endpoint.host == "login.example.com").replays[0]
    assert [(chain.probe_id, chain.host, chain.source) for chain in shown.chains] == [
        ("replay_genuine", "login.example.com", "session"),
        ("replay_sibling", "cdn.example.com", "session"),
        ("replay_foreign", "one.example.org", "file"),
        ("replay_foreign", "two.example.org", "session"),
    ]
    assert (shown.normal, shown.signature, shown.references) == (46, 51, ("sdk.example.net",))


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (times(2, M.replayed()), ["2 chain accepted, signature refused: alert decrypt_error (51)"]),
        (times(2, M.replayed(alert=46)), ["2 as it refuses the proxy's certificate: alert certificate_unknown (46)"]),
        ([M.replayed()], ["1 alert decrypt_error (51)"]),
        (times(2, M.replayed(alert=42)), ["2 alert bad_certificate (42)"]),
        (times(2, M.closed_in_handshake(probe_id="replay_genuine", chain_id="own")), ["2 closed without an alert"]),
        (
            [*times(2, M.replayed()), M.replayed(kind="foreign", of="b", alert=46)],
            [
                "2 chain accepted, signature refused: alert decrypt_error (51)",
                "1 chain refused: alert certificate_unknown (46)",
            ],
        ),
        ([M.replayed(), M.replayed(alert=46)], ["1 as it refuses the proxy's certificate: alert certificate_unknown (46)",
                                                "1 alert decrypt_error (51)"]),
    ],
    ids=["accepted", "same as the refusal", "only once", "another alert", "no alert", "refused", "now so, now so"],
)  # fmt: skip
def test_no_more_is_said_than_the_calibration_allows(shown: list[make.Events], said: list[str]) -> None:
    assert words(replay(*REFUSED, *shown)) == said


def test_a_chain_that_was_not_journalled_has_no_host() -> None:
    own, other = replay(*REFUSED, M.replayed(), M.replayed(kind="foreign", of="b")).chains
    assert (own.host, own.source, own.chain_id) == ("api.example.com", None, "chain of api.example.com")
    assert (other.host, other.source, other.chain_id) == (None, None, "chain of b")


def test_hosts_that_share_a_certificate_are_each_its_owner() -> None:
    shown = M.replayed(of="shared.example")
    (chain,) = replay(M.chain_known("shared.example"), *REFUSED, shown).chains
    assert chain.host == "api.example.com"


def test_an_endpoint_that_accepts_is_a_reference_and_nothing_else() -> None:
    shown = times(2, M.replayed()) + times(2, M.replayed(kind="foreign", of="b"))
    found = replay(*times(3, M.accepted()), *times(2, M.refused_unknown_ca("api.example.com")), *shown)
    assert (found.words, found.because) == (VOUCHES, SETTLED)
    assert found.element is Element.BLIND
