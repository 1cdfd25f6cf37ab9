"""What a reader must know before believing a page: shown only when true. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pinprobe.attempts import RELAY, UNATTRIBUTED
from pinprobe.evidence import Evidence
from pinprobe.findings import Level
from pinprobe.verdicts import Judgement, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something about the session as a whole."""

    id: str
    level: Level
    text: str


def notices_of(evidence: Evidence, judgements: Sequence[Judgement]) -> tuple[Notice, ...]:
    """All notices that apply."""
    found: list[Notice] = []

    def add(id: str, level: Level, text: str) -> None:
        found.append(Notice(id=id, level=level, text=text))

    session = evidence.session
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
                "distrust. Put the CA into the system store, or test a build that trusts user-added CAs.",
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
    if session is not None and session.app_id is None and judgements:
        add(
            UNATTRIBUTED,
            Level.NOTE,
            "No app was named (--set pinprobe_app=...): traffic of other apps and of the system may be among these.",
        )
    elif session is not None and judgements:
        add(
            "attribution_declared",
            Level.NOTE,
            "Every connection counts as this app's because it was named by option; another app's traffic through the "
            "same proxy would be too. Hosts of the system and of Play services vouch for nobody.",
        )
    if quic := sum(count for what, count in evidence.datagrams.items() if what.startswith("quic ")):
        add("quic_seen", Level.WARNING, f"QUIC was seen ({quic}×) and not tested: block UDP port 443 to test it.")
    if evidence.endpoints_cut:
        add("endpoints_cut", Level.WARNING, f"{evidence.endpoints_cut} facts about further endpoints were left out.")
    for (where, error), count in sorted(evidence.failures.items()):
        add("tool_error", Level.ERROR, f"pinprobe itself failed in {where}: {error} ({count}×). The traffic went on.")
    return tuple(found)
