"""What part a session plays."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.experiments import ACCEPTING, RELAYED, session

from pinprobe.runs import ROLE_WORDS, Role


@pytest.mark.parametrize(
    ("store", "role"),
    [("none", Role.R1), ("user", Role.R2), ("system", Role.R3), ("unknown", Role.UNKNOWN), ("?", Role.UNKNOWN)],
)
def test_the_store_makes_the_role(store: str, role: Role) -> None:
    assert session("", *ACCEPTING, ca_store=store).role is role


def test_what_was_only_relayed_is_without_interception() -> None:
    assert session("R3", *RELAYED).role is Role.R0
    assert session("R3", *RELAYED, b.accepted("other.example")).role is Role.R3


@pytest.mark.parametrize(("phase", "role"), [("control", Role.R0), ("idle", Role.R0), ("test", Role.R2)])
def test_a_session_without_a_handshake_is_what_it_was_begun_as(phase: str, role: Role) -> None:
    assert session("R2", b.quic(), phase=phase).role is role


def test_every_role_has_its_words() -> None:
    assert list(ROLE_WORDS) == list(Role)
