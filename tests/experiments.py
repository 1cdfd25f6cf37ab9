"""Short ways from lists of events, one per session, to what several runs say together."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pinprobe.events import to_json
from pinprobe.evidence import evidence_of
from pinprobe.runs import Experiment, Reading, Run, Seen, experiment_of, judge_together
from pinprobe.runs.seen import seen_in
from pinprobe.signals import peers_of
from pinprobe.verdicts import judge
from tests import builders as b
from tests.builders import Events
from tests.rooms import HOST, endpoint_in

APP = "com.example.app"
HOUR_S = 3600.0
YES, NO, OK = b.accepted(), b.refused_alert(), b.relayed_ok()

ACCEPTING = (YES, YES, YES)
REFUSING = (NO, NO, OK)
RELAYED = (OK, OK)
BROKEN = (b.relayed_failed(), b.relayed_failed())
UNTRUSTED = (YES, b.accepted_unknown_ca(HOST))
DEGRADED = (YES, YES, NO, NO, NO, YES)
PROVEN = (NO, NO, OK, *[b.accepted("cdn.example.net")] * 2, *[b.refused_unknown_ca("cdn.example.net")] * 2)
STORES = {"R1": "none", "R2": "user", "R3": "system", "?": "unknown"}


def run_of(events: Events) -> Run:
    """A session that has ended, with the digest of the journal that it would have."""
    digest = hashlib.sha256("".join(f"{to_json(event)}\n" for event in events).encode())
    return Run(evidence=evidence_of(events), journal_sha256=digest.hexdigest())


def session(store: str, *connections: Sequence[Any], number: int = 0, label: str = "", **changes: Any) -> Run:
    """The run with this number: `store` is R1, R2, R3 or ?, as STORES names them."""
    of_session = {"ca_store": STORES.get(store, "unknown"), "session_id": f"s{number}", "label": label, **changes}
    return run_of(later(b.journal(*connections, **of_session), HOUR_S * number))


def later(events: Events, seconds: float) -> Events:
    """The same, so much later."""
    return [replace(event, at_s=event.at_s + seconds) for event in events]


def together(*runs: tuple[str, Sequence[Any]] | tuple[str, Sequence[Any], str]) -> Experiment:
    """Runs as (store, connections) or (store, connections, label), in this order."""
    return experiment_of(
        session(one[0], *one[1], number=number, label=one[2] if len(one) > 2 else "") for number, one in enumerate(runs)
    )


def read(*runs: tuple[str, Sequence[Any]] | tuple[str, Sequence[Any], str], host: str = HOST) -> Reading:
    """What these runs say of a host together."""
    found = judge_together(together(*runs), APP)
    return next(one for one in found if one.judgement.endpoint.host == host)


def seen_of(run: Run, host: str = HOST) -> Seen:
    """What one run shows of a host."""
    about = endpoint_in(run.evidence, host)
    return seen_in(run, about, judge(run.evidence, about, peers_of(run.evidence)))
