"""What the runs of one endpoint say together, as plain facts that the table of readings names. Pure."""

from collections.abc import Iterable, Sequence
from itertools import takewhile

from pinprobe.runs.role import Role
from pinprobe.runs.seen import Happened, Seen
from pinprobe.thresholds import RUNS_FOR_MAJORITY
from pinprobe.verdicts import RULES, Verdict

FLIPS = "identical runs disagree"
"""Same role and label, one accepts, another refuses, and no majority settles it."""
MAJORITY = "a majority of identical runs accepts"
LABELS_DISAGREE = "labels disagree"
"""In one role, the runs of one label accept, and those of another refuse."""
LABELS_APART = "stores were tried under different labels"
"""No label has runs in both stores, user and system."""
BUILDS_APART = "runs with different builds of the app"
CARRIED = "refused in one run, data in another"
"""Data under our CA, be it under a copy of the genuine leaf."""
COPY_ACCEPTED = "a copy of the genuine leaf is accepted in a run"
UNCONTROLLED = "refused in a run without a working control"
REPLAYS_DISAGREE = "replays disagree"
REPLAY_ACCEPTED = "replayed chains of other CAs are accepted in a run"
PINNED = "pinned in a run"
BEYOND_REPLAYS = "pinned in a run by what replays do not reach"
"""Such as a check after the handshake; by a run that says where the CA was."""

_BEYOND_REPLAYS = {
    rule.id
    for rule in takewhile(lambda rule: rule.id != "distrusts_ca_only", RULES)
    if rule.verdict is Verdict.PINNED and "replay_accepted" not in rule.lacking
}
"""Rules that stand beside accepted replays in one run, too."""


def fact(happened: Happened, role: Role) -> str:
    """Such a run, such as `accepts R3`."""
    return f"{happened} {role}"


def pinned(role: Role) -> str:
    """A run that is pinned by itself, such as `pinned R3`: it refuses, and its control worked."""
    return f"pinned {role}"


def own_facts(one: Seen) -> set[str]:
    """What this run says by itself."""
    facts = {fact(one.happened, one.role)}
    if one.judgement.verdict is Verdict.PINNED:
        facts |= {PINNED, pinned(one.role)}
        if one.judgement.rule_id in _BEYOND_REPLAYS and one.role is not Role.UNKNOWN:
            facts.add(BEYOND_REPLAYS)
    return facts


def anywhere(happened: Happened) -> tuple[str, ...]:
    """Such a run in any role."""
    return tuple(fact(happened, role) for role in Role)


SPEAKING = (Happened.ACCEPTS, Happened.REFUSES)


def facts_of(seen: Sequence[Seen]) -> frozenset[str]:
    """Everything that these runs of one endpoint say together."""
    facts = {fact(one.happened, one.role) for one in seen if one.happened not in SPEAKING}
    for role in Role:
        facts |= _of_role(role, [one for one in seen if one.role is role])
    stores = [{one.label for one in _speaking(seen) if one.role is role} for role in (Role.R2, Role.R3)]
    if all(stores) and not set.intersection(*stores):
        facts.add(LABELS_APART)
    if len({one.build for one in seen if one.build}) > 1:
        facts.add(BUILDS_APART)
    refusing = [one for one in seen if one.happened is Happened.REFUSES]
    if any(one.copy_accepted for one in seen):
        facts.add(COPY_ACCEPTED)
    if refusing and any(one.accepts or one.copy_accepted for one in seen):
        facts.add(CARRIED)
    if not all(one.controlled for one in refusing):
        facts.add(UNCONTROLLED)
    if any(one.replay_accepted for one in seen):
        facts.add(REPLAY_ACCEPTED)
        if any(one.replay_pinned for one in seen):
            facts.add(REPLAYS_DISAGREE)
    for one in refusing:
        # A refusal that a majority overruled is an accident: it does not count for its role.
        overruled = fact(Happened.REFUSES, one.role) not in facts
        facts |= own_facts(one) - {fact(one.happened, one.role)} - ({pinned(one.role)} if overruled else set())
    return frozenset(facts)


def identical(seen: Iterable[Seen]) -> list[list[Seen]]:
    """Runs that speak, grouped by role and label."""
    groups: dict[tuple[Role, str], list[Seen]] = {}
    for one in _speaking(seen):
        groups.setdefault((one.role, one.label), []).append(one)
    return list(groups.values())


def _of_role(role: Role, seen: Sequence[Seen]) -> set[str]:
    facts: set[str] = set()
    said: set[Happened] = set()
    for group in identical(seen):
        kinds = {one.happened for one in group}
        if len(kinds) > 1:
            accepting = sum(one.happened is Happened.ACCEPTS for one in group)
            # A majority that refuses settles nothing: what was decrypted once is not pinned.
            settled = len(group) >= RUNS_FOR_MAJORITY and 2 * accepting > len(group)
            facts.add(MAJORITY if settled else FLIPS)
            kinds = {Happened.ACCEPTS} if settled else kinds
        said |= kinds
    if len(said) > 1 and FLIPS not in facts:
        facts.add(LABELS_DISAGREE)
    return facts | {fact(happened, role) for happened in said}


def _speaking(seen: Iterable[Seen]) -> list[Seen]:
    return [one for one in seen if one.happened in SPEAKING]
