"""refusals_unattributed: what may be this app's and is nobody's."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.rooms import HOST

from pinprobe.events import UNATTRIBUTED
from pinprobe.evidence import evidence_of
from pinprobe.signals import State
from pinprobe.verdicts import Judgement, judge_all
from pinprobe.verdicts.reasons import NAME_THEM

APP = "com.example.app"


def judgement(*connections: Events) -> Judgement:
    """On the host, of the app: two accepts under a CA in the system store, and what stands beside them."""
    named = [b.attributed(APP, b.accepted()), b.attributed(APP, b.accepted())]
    (found,) = judge_all(evidence_of(b.journal(*named, *connections, ca_store="system")), APP)
    return found


def nobodys(connection: Events) -> Events:
    return b.attributed(UNATTRIBUTED, connection)


@pytest.mark.parametrize(
    ("beside", "state", "confidence"),
    [
        ([], State.UNKNOWN, "confirmed"),
        ([nobodys(b.refused_alert())] * 2, State.PRESENT, "probable"),
        ([nobodys(b.refused_alert())], State.ABSENT, "confirmed"),
        ([nobodys(b.accepted())] * 2, State.ABSENT, "confirmed"),
        ([nobodys(b.refused_alert(stack=b.FLUTTER))] * 2, State.ABSENT, "confirmed"),
        ([nobodys(b.refused_alert("cdn.example.net"))] * 2, State.UNKNOWN, "confirmed"),
        ([b.attributed("com.two", b.refused_alert())] * 2, State.UNKNOWN, "confirmed"),
    ],
)
def test_unpinned_is_not_confirmed_beside_them(beside: list[Events], state: State, confidence: str) -> None:
    found = judgement(*beside)
    (signal,) = (one for one in found.signals if one.id == "refusals_unattributed")
    assert (found.endpoint.host, found.verdict.value, signal.state) == (HOST, "unpinned", state)
    assert found.confidence.value == confidence
    assert (NAME_THEM in found.missing) == (state is State.PRESENT)


def test_what_is_nobodys_itself_is_not_beside_itself() -> None:
    (found,) = judge_all(evidence_of(b.journal(*[nobodys(b.refused_alert())] * 2)), UNATTRIBUTED)
    assert next(one for one in found.signals if one.id == "refusals_unattributed").state is State.UNKNOWN
