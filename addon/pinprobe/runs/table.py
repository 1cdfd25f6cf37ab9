"""READINGS: what the runs of one endpoint mean together. Data only; the first row that matches decides, as in RULES.

A row names facts: `needs` must all be so, of `any_of` at least one, and none of `lacking`. A row with a rule of its
own gives that rule's verdict, and at most its confidence; one without takes verdict, confidence (at most `at_most`) and
rule of the surest run among those that lead. No row makes a verdict surer than the surest run.
"""

from dataclasses import dataclass

from pinprobe.runs.facts import (
    BEYOND_REPLAYS,
    BUILDS_APART,
    CARRIED,
    COPY_ACCEPTED,
    FLIPS,
    LABELS_APART,
    LABELS_DISAGREE,
    MAJORITY,
    PINNED,
    REPLAY_ACCEPTED,
    REPLAYS_DISAGREE,
    UNCONTROLLED,
    anywhere,
    fact,
    pinned,
)
from pinprobe.runs.role import Role
from pinprobe.runs.seen import Happened
from pinprobe.verdicts import Confidence, Rule, Verdict

R0, R1, R2, R3, UNKNOWN = Role
_ACCEPTS, _REFUSES, _MIXED = Happened.ACCEPTS, Happened.REFUSES, Happened.MIXED


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table."""

    when: str
    """What must be so, in words."""
    says: str
    """What it means, in words."""
    rule: Rule | None = None
    """None: that of the surest run that leads."""
    at_most: Confidence = Confidence.CONFIRMED
    """Where the rule is a run's own."""
    needs: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    """Facts whose runs may lead; empty: all runs."""
    open: tuple[str, ...] = ()
    """Assumptions that stay."""
    opens_lead: bool = False
    """What the leading run by itself leaves open stays open, too."""
    doubts: tuple[tuple[str, str], ...] = ()
    """While such a fact is so, the verdict is at most probable, and this is said to be open."""


def _rule(id: str, verdict: Verdict, confidence: Confidence, says: str) -> Rule:
    return Rule(id=id, verdict=verdict, confidence=confidence, says=says)


def _undecided(id: str, says: str) -> Rule:
    return _rule(id, Verdict.INCONCLUSIVE, Confidence.NONE, says)


_BROKEN = _undecided("broken_without_us", "It fails in the run without interception too: it is broken without us.")
_NO_STORE = _rule(
    "accepts_in_no_store",
    Verdict.UNPINNED,
    Confidence.PROBABLE,
    "Accepts a CA that is in no store: no validation, if the store was declared truly.",
)
_FLIPS = _undecided("flips_between_runs", "Runs of the same role and label disagree: one accepts, another refuses.")
_BY_LABEL = _undecided("differs_by_label", "Runs of the same role accept under one label and refuse under another.")
_DISTRUSTS = _rule(
    "distrusts_user_cas",
    Verdict.UNPINNED,
    Confidence.CONFIRMED,
    "Unpinned; merely distrusts user-added CAs: it refuses the CA in the user store and accepts it in the system store.",
)
_EXEMPTS = _rule(
    "exempts_user_cas",
    Verdict.SUSPICIOUS,
    Confidence.PROBABLE,
    "A pin or Certificate Transparency check that exempts user-added CAs, the documented default of Chromium and "
    "Cronet: it accepts the CA in the user store and refuses it in the system store.",
)
_DISAGREE = _undecided(
    "runs_disagree",
    "One run refuses, another is sent data or reads the chains otherwise, and no known order of stores explains it.",
)

SAY_STORE = "a run does not say where the CA was: record with --set pinprobe_ca_store=none, user or system"
_AGAIN = "record each of these runs again: of three that are alike, a majority that accepts is taken"
_STORES = "check what was said of the stores"
_CONTROL = "a run refused without a working control: let the app try again in it, until a relayed attempt works"
_MINORITY = (MAJORITY, "a run that is alike refused: that it was an accident is assumed")
_APART = (LABELS_APART, "the runs have different labels: that app and device are the same is assumed")
_BUILDS = (BUILDS_APART, "the packages of the runs differ: that these builds of the app behave alike is assumed")
_CONTRADICTED = (
    (fact(_REFUSES, UNKNOWN), SAY_STORE),
    *((one, "another run accepted and refused: record it again") for one in anywhere(_MIXED)),
)

_PINNED_ELSEWHERE = tuple(map(pinned, (R2, R3, UNKNOWN)))

READINGS: tuple[Row, ...] = (
    Row(
        when="any run accepts a certificate that nobody should trust",
        says="that run's verdict: unpinned, critical",
        opens_lead=True,
        any_of=anywhere(Happened.UNTRUSTED),
        leads=anywhere(Happened.UNTRUSTED),
    ),
    Row(
        when="R0 fails, and no R0 works",
        says="broken without us: it is not judged",
        rule=_BROKEN,
        needs=(fact(Happened.BROKEN, R0),),
        lacking=(fact(Happened.WORKS, R0),),
        open=("find out why it fails without interception, and record R0 again",),
    ),
    Row(
        when="accepts in R1, and no run in R2, R3 or an unknown store is pinned by itself",
        says="no validation, if the CA was in no store indeed",
        rule=_NO_STORE,
        needs=(fact(_ACCEPTS, R1),),
        lacking=(fact(_REFUSES, R1), *_PINNED_ELSEWHERE),
        leads=(fact(_ACCEPTS, R1),),
        open=("make sure that the CA was in no store of the device in R1, nor in the app's own",),
        doubts=(
            _MINORITY,
            (fact(_REFUSES, R2), f"R2 refuses what R1 accepts: {_STORES}"),
            (fact(_REFUSES, R3), f"R3 refuses what R1 accepts: {_STORES}"),
        ),
    ),
    Row(
        when="any run is suspicious",
        says="that run's verdict: suspicious",
        opens_lead=True,
        any_of=anywhere(Happened.DEGRADED),
        leads=anywhere(Happened.DEGRADED),
    ),
    Row(
        when="accepts in R1, and such a run is pinned by itself",
        says="the runs disagree: what trusts everything refuses nowhere, so check what was said of the stores",
        rule=_DISAGREE,
        needs=(fact(_ACCEPTS, R1),),
        any_of=_PINNED_ELSEWHERE,
        lacking=(fact(_REFUSES, R1),),
        open=(f"another run refuses what R1 accepts, and its control works: {_STORES}",),
    ),
    Row(
        when="runs of one role and label disagree, without a majority of three or more that accepts",
        says="it flips between runs",
        rule=_FLIPS,
        needs=(FLIPS,),
        open=(_AGAIN,),
    ),
    Row(
        when="runs of one role accept under one label and refuse under another",
        says="it differs by label, and each is said",
        rule=_BY_LABEL,
        needs=(LABELS_DISAGREE,),
        open=("judge each label by itself: pinprobe report with its runs alone",),
    ),
    Row(
        when="refuses in R2, accepts in R3",
        says="unpinned, as sure as R3: it merely distrusts user-added CAs",
        rule=_DISTRUSTS,
        needs=(fact(_REFUSES, R2), fact(_ACCEPTS, R3)),
        leads=(fact(_ACCEPTS, R3),),
        opens_lead=True,
        doubts=(_MINORITY, _APART, _BUILDS, *_CONTRADICTED),
    ),
    Row(
        when="accepts in R2, is pinned in R3 by itself, and no copy of the genuine leaf passes",
        says="a pin or Certificate Transparency check that exempts user-added CAs; never pinned, since it was decrypted",
        rule=_EXEMPTS,
        needs=(fact(_ACCEPTS, R2), pinned(R3)),
        lacking=(COPY_ACCEPTED,),
        leads=(pinned(R3),),
        opens_lead=True,
        open=("a pin, or Certificate Transparency: look for one in the app",),
        doubts=(_MINORITY, _APART, _BUILDS),
    ),
    Row(
        when="accepts in R2, R3 or an unknown store, and refuses in neither R2 nor R3",
        says="unpinned, as sure as the surest of them",
        opens_lead=True,
        any_of=(fact(_ACCEPTS, R2), fact(_ACCEPTS, R3), fact(_ACCEPTS, UNKNOWN)),
        lacking=(fact(_REFUSES, R2), fact(_REFUSES, R3)),
        leads=(fact(_ACCEPTS, R2), fact(_ACCEPTS, R3), fact(_ACCEPTS, UNKNOWN)),
        doubts=(_MINORITY, *_CONTRADICTED),
    ),
    Row(
        when="one run refuses and another is sent data in any other way, or replayed chains are read differently",
        says="the runs disagree",
        rule=_DISAGREE,
        any_of=(CARRIED, REPLAYS_DISAGREE),
        open=(_AGAIN,),
        doubts=((UNCONTROLLED, _CONTROL),),
    ),
    Row(
        when="refuses wherever it was tested, accepts replayed chains, and is pinned by what these do not reach",
        says="pinned by that run's rule: its log, a bypass, or a check after the handshake",
        needs=(REPLAY_ACCEPTED, BEYOND_REPLAYS),
        leads=(BEYOND_REPLAYS,),
        opens_lead=True,
    ),
    Row(
        when="refuses wherever it was tested, and accepts replayed chains",
        says="pinned by the surest run's rule, but unproven: a check inside the handshake would refuse these chains, too",
        at_most=Confidence.UNPROVEN,
        needs=(REPLAY_ACCEPTED, PINNED),
        leads=(PINNED,),
        open=(
            "a run accepts genuine chains of other CAs, so it may merely distrust this one: a pin is assumed that is "
            "checked after the handshake, which replays do not reach, or that was off in that run",
        ),
        opens_lead=True,
    ),
    Row(
        when="refuses wherever it was tested",
        says="pinned by the surest run's rule; if all are unproven, so is this, and the missing runs are named",
        needs=(PINNED,),
        leads=(PINNED,),
        opens_lead=True,
    ),
    Row(when="anything else", says="the judgement of the run that knows most", opens_lead=True),
)

JOINT_RULES: tuple[Rule, ...] = tuple(dict.fromkeys(row.rule for row in READINGS if row.rule))
"""Rules that only several runs together can match."""

MISSING_RUN: dict[Role, str] = {
    R0: "record a run without interception (R0, phase control): does it work without us?",
    R1: "record a run with the CA in no store (R1, --set pinprobe_ca_store=none): does it validate at all?",
    R2: "record a run with the CA in the user store (R2, --set pinprobe_ca_store=user)",
    R3: "record a run with the CA in the system store (R3, --set pinprobe_ca_store=system): refused there too, it is "
    "a pin, Certificate Transparency or a trust store of its own; accepted, it merely distrusts user-added CAs",
}
"""What each run would bring."""
