"""What an experiment still wants of an endpoint, stage by stage: the first stage that wants something decides. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from pinprobe.attempts import RELAY, TRUSTED_CA
from pinprobe.probes import (
    EXPIRED,
    EXPIRED_UNKNOWN_CA,
    MIMIC_GENUINE,
    RELAY_DELAYED,
    STUFFED_CHAIN,
    STUFFED_CHAIN_FIRST,
    UNKNOWN_CA,
)
from pinprobe.schedule.chains import FOREIGN, GENUINE, SIBLING, ChainBook
from pinprobe.schedule.progress import Choice, Group, Progress
from pinprobe.thresholds import (
    BAD_CERTIFICATES_EACH,
    CONTRAST_NEEDED,
    FOREIGN_CAS_NEEDED,
    REPLAY_CHAINS_SHOWN,
    REPLAYS_NEEDED,
    SCHEDULE_EACH,
    SCHEDULE_EACH_BARE,
)

TRIES_FACTOR = 3
"""The alternation ends after this many times the attempts it aims for, reached or not."""

UNKNOWN_CA_ALERT = 48
"""Stacks that answer so (X509 stores) name the reason, so an expired certificate tells whether the CA is trusted;
those that answer 46 or 42 give one alert for everything (measured)."""

Wants = list[tuple[Choice, int]]
"""Each choice with the number of attempts it should have in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a stage looks at."""

    progress: Progress
    group: Group
    chains: ChainBook
    probes: tuple[str, ...]
    """Bad certificates and stuffed chains that were asked for."""
    contrasts: bool


Stage = Callable[[Situation], Wants]


def alternation(s: Situation) -> Wants:
    """trusted_ca and relay in turns, until enough of each is seen."""
    p = s.progress
    weak = p.bare_closes and not (p.refusals_by_alert or p.refusals_after)
    each = SCHEDULE_EACH_BARE if weak else SCHEDULE_EACH
    trusted, relay = Choice(TRUSTED_CA), Choice(RELAY)
    # Relays that worked beyond need, as in a control phase, do not use up what is tried.
    beyond = max(0, p.relays_worked - each)
    if p.done(trusted) + p.done(relay) - beyond >= TRIES_FACTOR * 2 * each:
        return []
    missing = max(0, each - p.relays_worked)
    return [(trusted, each), (relay, p.answered.get(relay, 0) + missing)]


def contrast(s: Situation) -> Wants:
    """Where a verdict hangs on it: is a CA that nobody trusts refused inside the handshake?"""
    p = s.progress
    if not s.contrasts or p.accepts or not p.refusals_after:
        return []
    return [(Choice(UNKNOWN_CA.id), CONTRAST_NEEDED)]


def finer_contrasts(s: Situation) -> Wants:
    """Which of the possible reasons it was: the leaf, the CA, or impatience. After what decides more."""
    p = s.progress
    if not s.contrasts or p.accepts:
        return []
    wants: Wants = []
    if p.own_chain is not None and (p.refusals_after or (p.refusals_by_alert and s.group.proven)):
        wants.append((Choice(MIMIC_GENUINE.id, p.own_chain), CONTRAST_NEEDED))
    if p.alert == UNKNOWN_CA_ALERT:
        wants += [(Choice(EXPIRED.id), CONTRAST_NEEDED), (Choice(EXPIRED_UNKNOWN_CA.id), CONTRAST_NEEDED)]
    if p.bare_closes and not (p.refusals_by_alert or p.refusals_after):
        wants.append((Choice(RELAY_DELAYED.id), CONTRAST_NEEDED))
    return wants


def replays(s: Situation) -> Wants:
    """Genuine chains without their key, to an endpoint that refuses inside the handshake with an alert."""
    p = s.progress
    if not s.contrasts or p.own_chain is None or not p.refusals_by_alert or p.accepts:
        return []
    chosen = [*s.chains.related(p.own_chain, FOREIGN)[:FOREIGN_CAS_NEEDED], *s.chains.related(p.own_chain, SIBLING)[:1]]
    if not chosen or s.chains.relation(p.own_chain, p.own_chain) is None:
        return []
    for chain_id in chosen:
        if chain_id not in s.group.chains and len(s.group.chains) < REPLAY_CHAINS_SHOWN:
            s.group.chains.append(chain_id)
    return [(Choice(GENUINE, p.own_chain), REPLAYS_NEEDED), *_group_chains(s, p.own_chain)]


def stuffing(s: Situation) -> Wants:
    """Does a pin look at certificates that prove nothing? Once, where the CA is known to be trusted."""
    p = s.progress
    if not s.contrasts or p.accepts or p.own_chain is None or not (p.refusals_after or s.group.proven):
        return []
    return [(Choice(STUFFED_CHAIN.id, p.own_chain), 1), (Choice(STUFFED_CHAIN_FIRST.id, p.own_chain), 1)]


def references(s: Situation) -> Wants:
    """The same chains to a canary that has been proven, so that refusals of them elsewhere can be read."""
    p = s.progress
    if p.own_chain is None or not s.group.proven or not s.group.chains or not s.contrasts:
        return []
    return [(Choice(GENUINE, p.own_chain), REPLAYS_NEEDED), *_group_chains(s, p.own_chain)]


def _group_chains(s: Situation, own: str) -> Wants:
    found: Wants = []
    for chain_id in s.group.chains:
        relation = s.chains.relation(own, chain_id)
        if relation in {FOREIGN, SIBLING}:
            found.append((Choice(relation, chain_id), REPLAYS_NEEDED))
    return found


def bad_certificates(s: Situation) -> Wants:
    """What the user asked for, once trusted_ca is decided; never before."""
    p = s.progress
    wants: Wants = []
    for probe_id in s.probes:
        if probe_id.startswith("stuffed_chain"):
            if p.own_chain is not None and p.refused and not p.accepts:
                wants.append((Choice(probe_id, p.own_chain), BAD_CERTIFICATES_EACH))
        else:
            wants.append((Choice(probe_id), BAD_CERTIFICATES_EACH))
    return wants


REFUSING: tuple[Stage, ...] = (alternation, contrast, finer_contrasts, replays, stuffing, bad_certificates)
"""For an endpoint that has refused."""
ACCEPTING: tuple[Stage, ...] = (bad_certificates,)
"""For one that only accepts; the canary's part is decided before."""
