"""Which alerts mean what, and which outcomes refuse."""

from __future__ import annotations

import pytest

from pinprobe.attempts import REFUSALS, RELAYS, Outcome, alert_name
from pinprobe.attempts.outcome import ALERT_NAMES, CERTIFICATE_ALERTS, CLOSING_ALERTS, SIGNATURE_ALERTS

NAMES = {
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    48: "unknown_ca",
    49: "access_denied",
}


def test_only_alerts_about_the_certificate_can_refuse() -> None:
    assert {number: alert_name(number) for number in CERTIFICATE_ALERTS} == NAMES


def test_no_alert_means_two_things() -> None:
    assert not CERTIFICATE_ALERTS & CLOSING_ALERTS
    assert not CERTIFICATE_ALERTS & SIGNATURE_ALERTS
    assert not CLOSING_ALERTS & SIGNATURE_ALERTS


@pytest.mark.parametrize(("number", "name"), [(0, "close_notify"), (90, "user_canceled"), (255, "unassigned alert")])
def test_alert_names(number: int, name: str) -> None:
    assert alert_name(number) == name


def test_every_named_alert_fits_a_byte() -> None:
    assert all(0 <= number <= 255 and name.isidentifier() for number, name in ALERT_NAMES.items())


def test_refusals_and_controls_share_nothing() -> None:
    assert (
        frozenset(
            {
                Outcome.ALERT_DURING_HANDSHAKE,
                Outcome.CLOSED_DURING_HANDSHAKE,
                Outcome.ALERT_AFTER_HANDSHAKE,
                Outcome.CLOSED_WITHOUT_DATA,
            }
        )
        == REFUSALS
    )
    assert not REFUSALS & RELAYS
