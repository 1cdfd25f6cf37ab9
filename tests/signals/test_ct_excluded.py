"""ct_excluded: only what is certain excludes it."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as b
from tests.replays import ONE, OWN, SIB, TWO, S, known, refuser
from tests.rooms import HOST, answer

from pinprobe.signals import State
from pinprobe.signals.ct_excluded import CT_EXCLUDED

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
BOTH: dict[str, Any] = {"anchors": ("system", "user")}
USER: dict[str, Any] = {"ca_store": "user"}
OLD: dict[str, Any] = {"android_api": 35}

CASES: dict[str, tuple[dict[str, Any], dict[str, Any] | None, dict[str, Any], State]] = {
    "user-added CAs are trusted, and ours is one": ({}, BOTH, USER, P),
    "the same, on a new Android": ({}, BOTH, {**USER, "android_api": 37}, P),
    "the same, but the configuration asks for CT": ({}, {**BOTH, "ct": "on"}, USER, A),
    "the same, with CT off by itself": ({}, {**BOTH, "ct": "off"}, USER, P),
    "the same, with a library that checks it": ({"libraries": ("appmattus-ct",)}, BOTH, USER, A),
    "the same, with one that exempts user-added CAs": ({"libraries": ("cronet",)}, BOTH, USER, P),
    "the same, store unknown": ({}, BOTH, {}, U),
    "the same, system store": ({}, BOTH, {"ca_store": "system"}, U),
    "user-added CAs are not trusted": ({}, {}, USER, U),
    "an old Android": ({}, {}, OLD, P),
    "an old Android, host not resolved": ({}, None, OLD, P),
    "the last without a library, in the system store": ({}, {}, {**OLD, "ca_store": "system"}, P),
    "an old Android, a library that checks it": ({"libraries": ("okhttp", "appmattus-ct")}, {}, OLD, A),
    "an old Android, Cronet in the system store": ({"libraries": ("cronet",)}, {}, {**OLD, "ca_store": "system"}, A),
    "an old Android, Flutter, which has none": ({"libraries": ("flutter",)}, {}, OLD, P),
    "an old Android, not all was read": ({"problems": ("classes2.dex is damaged",)}, {}, OLD, U),
    "the first that can": ({}, {}, {"android_api": 36}, U),
    "asked for on one that can": ({}, {"ct": "on"}, {"android_api": 36}, A),
}


@pytest.mark.parametrize(("app", "host", "of_session", "expected"), CASES.values(), ids=CASES.keys())
def test_ct_excluded(
    app: dict[str, Any], host: dict[str, Any] | None, of_session: dict[str, Any], expected: State
) -> None:
    facts = [b.package(**app), *([b.declares(HOST, **host)] if host is not None else [])]
    signal = answer(CT_EXCLUDED, b.journal(*facts, b.refused_alert(), **of_session))
    assert signal.state is expected, signal.note
    assert signal.note


def test_the_api_level_alone_excludes_nothing() -> None:
    assert answer(CT_EXCLUDED, b.journal(b.refused_alert(), **OLD)).state is U


def test_chains_that_were_replayed_and_read_exclude_it() -> None:
    chains = [known(SIB, "own CA"), known(ONE), known(TWO), known(OWN, "own CA")]
    assert answer(CT_EXCLUDED, b.journal(*chains, *refuser(S, S, S))).state is P
    assert answer(CT_EXCLUDED, b.journal(*chains, *refuser(S))).state is U
