"""What a reader must know before believing a page: shown only when true. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pinprobe.attempts import RELAY, Endpoint
from pinprobe.events import APP_LOG, CLOCK_SET, PACKAGE, UNWRITTEN, WRITTEN_AGAIN
from pinprobe.evidence import Evidence, StackEvidence
from pinprobe.findings import Level
from pinprobe.probes import BY_ID, Family
from pinprobe.report.around import ignoring_said, past_said, quic_said
from pinprobe.report.attribution import attribution_said, home_of
from pinprobe.report.package_notices import package_said
from pinprobe.report.silences import silences_of
from pinprobe.report.times import iso
from pinprobe.verdicts import Judgement, Verdict

MEANT_TO_FAIL = {
    Family.CONTRAST: ("contrast", "contrasts"),
    Family.REPLAY: ("replayed chain", "replayed chains"),
    Family.BAD_CERTIFICATE: ("bad certificate", "bad certificates"),
    Family.STUFFED: ("stuffed chain", "stuffed chains"),
}
"""Families of probes that fail a connection of a careful app, in words."""
NOT_READ = {
    APP_LOG: ("log_not_read", "log", "What it would name"),
    PACKAGE: ("package_not_read", "package", "What it declares"),
}
"""Failures that are not our own."""
OF_THE_MACHINE = {
    UNWRITTEN: ("not_written", Level.WARNING),
    WRITTEN_AGAIN: ("written_again", Level.NOTE),
    CLOCK_SET: ("clock_set", Level.NOTE),
}
"""Nor are these; their words stand for themselves."""
CHAINS_NAMED = 5
"""Of the chains that cannot be replayed; the journal names them all."""
REASON_LIMIT = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something about the session as a whole."""

    id: str
    level: Level
    text: str


def notices_of(
    evidence: Evidence, judgements: Sequence[Judgement], apart: Collection[Endpoint] = ()
) -> tuple[Notice, ...]:
    """All notices that apply; endpoints that are `apart` are the device's own, and say nothing of the app."""
    found: list[Notice] = []

    def add(id: str, level: Level, text: str) -> None:
        found.append(Notice(id=id, level=level, text=text))

    session = evidence.session
    whose = judgements[0].endpoint.app_id if judgements else home_of(evidence)
    every_stack = [stack for j in judgements for stack in evidence.endpoints[j.endpoint].stacks.values()]
    judgements = [j for j in judgements if j.endpoint not in apart]
    stacks = [stack for j in judgements for stack in evidence.endpoints[j.endpoint].stacks.values()]
    put_to_the_test = [j for j in judgements if j.verdict is not Verdict.NOT_TESTED]
    if not judgements:
        add(
            "nothing_observed",
            Level.WARNING,
            "Nothing was observed: is the device's proxy set to this one, was the app used, and does it go around "
            "proxies (Flutter, QUIC, a VPN)?",
        )
    if put_to_the_test and not any(j.verdict is Verdict.UNPINNED for j in judgements):
        if not any(stack.accepts for stack in stacks):
            add(
                "ca_never_trusted",
                Level.WARNING,
                "Nothing was decrypted: this app was never seen to trust the proxy's CA, so a refusal may be mere "
                "distrust. Put the CA into the system store, or test a build that trusts user-added CAs."
                + (" What replayed chains show stands without that." if _by_replay(judgements) else ""),
            )
    if session is not None and session.mode == "observe":
        add(
            "observe_mode",
            Level.NOTE,
            "Observe mode: no control was relayed, so refusals cannot be told from other failures.",
        )
    elif put_to_the_test and any(j.rule_id != "decrypted" for j in put_to_the_test):
        if not any(stack.count(RELAY) for stack in stacks):
            add("no_control", Level.WARNING, "No attempt was relayed yet: let the app run longer or try again.")
    for said in attribution_said(evidence, judgements):
        add(*said)
    for said in package_said(evidence, judgements):
        add(*said)
    for silence in silences_of(evidence, judgements):
        add(*silence)
    if words := _meant_to_fail(every_stack):
        add("connections_failed", Level.NOTE, words)
    if words := _not_replayed(evidence):
        add("chains_not_replayed", Level.NOTE, words)
    for said in quic_said(evidence):
        add(*said)
    if whose == home_of(evidence):
        for said in (*past_said(evidence), *ignoring_said(evidence, judgements)):
            add(*said)
    if (stopped := evidence.stopped) is not None:
        add(
            "recording_stopped",
            Level.WARNING,
            f"Recording stopped at {iso(stopped.since_s)}, when the journal had grown to {stopped.bound_mb} MB "
            f"(pinprobe_journal_mb): {stopped.missing} facts since then are missing here. The traffic went on.",
        )
    if evidence.endpoints_cut:
        add("endpoints_cut", Level.WARNING, f"{evidence.endpoints_cut} facts about further endpoints were left out.")
    for (where, error), count in sorted(evidence.failures.items()):
        if where in NOT_READ:
            id, what, lacks = NOT_READ[where]
            add(id, Level.WARNING, f"The app's {what} could not be read: {error}. {lacks} is not known.")
            continue
        if where in OF_THE_MACHINE:
            add(*OF_THE_MACHINE[where], f"{error}.")
            continue
        add("tool_error", Level.ERROR, f"pinprobe itself failed in {where}: {error} ({count}×). The traffic went on.")
    return tuple(found)


def _by_replay(judgements: Sequence[Judgement]) -> bool:
    return any(judgement.rule_id in {"replay_pinned", "distrusts_ca_only"} for judgement in judgements)


def _meant_to_fail(stacks: Sequence[StackEvidence]) -> str:
    """How many connections of the app were shown what a careful client refuses."""
    shown = dict.fromkeys(MEANT_TO_FAIL, 0)
    total = 0
    for stack in stacks:
        for pattern, tally in stack.tallies.items():
            total += tally.count
            plan = BY_ID.get(pattern.probe_id)
            if plan is not None and plan.family in shown:
                shown[plan.family] += tally.count
    failed = sum(shown.values())
    kinds = ", ".join(f"{count} {MEANT_TO_FAIL[family][count != 1]}" for family, count in shown.items() if count)
    return (
        f"{failed} of {total} TLS connections {'was' if failed == 1 else 'were'} shown certificates that a careful app "
        f"refuses ({kinds}): {'it was' if failed == 1 else 'they were'} meant to fail, and the app may have noticed."
        if failed
        else ""
    )


def _not_replayed(evidence: Evidence) -> str:
    """Which genuine chains were of no use for the keyless replay, and why."""
    session = evidence.session
    if session is None or session.mode == "observe" or not session.contrasts:
        return ""
    refused = [chain for chain in evidence.replay_chains.values() if chain.refused_because]
    if not refused:
        return ""
    refused.sort(key=lambda chain: (chain.source != "file", chain.host, chain.chain_id))
    named = [f"{chain.host}: {chain.refused_because[:REASON_LIMIT]}" for chain in refused[:CHAINS_NAMED]]
    more = len(refused) - len(named)
    return (
        f"{len(refused)} of {len(evidence.replay_chains)} genuine chains could not be replayed to other hosts: "
        + "; ".join(named)
        + (f"; and {more} more." if more else ".")
    )
