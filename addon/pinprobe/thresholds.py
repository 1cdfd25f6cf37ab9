"""Every number used in judging, with its unit and its reason.

Import the constants; `THRESHOLDS` is the same list as data, for the documentation. Over 300 lines, so that all numbers
are found in one place.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One number used in judging."""

    name: str
    value: float
    unit: str
    reason: str


THRESHOLDS: list[Threshold] = []


def _count(name: str, value: int, unit: str, reason: str) -> int:
    THRESHOLDS.append(Threshold(name=name, value=value, unit=unit, reason=reason))
    return value


def _seconds(name: str, value: float, reason: str) -> float:
    THRESHOLDS.append(Threshold(name=name, value=value, unit="seconds", reason=reason))
    return value


def _share(name: str, value: float, reason: str) -> float:
    THRESHOLDS.append(Threshold(name=name, value=value, unit="share", reason=reason))
    return value


# -- how many attempts make a statement ---------------------------------------------------------

REFUSALS_NEEDED = _count(
    "REFUSALS_NEEDED",
    2,
    "attempts",
    "One connection never makes a verdict: a refusal must repeat. Refusal classes never varied between "
    "repeats in 605 measured runs, so two are enough to tell a rule from an accident.",
)
BARE_CLOSES_NEEDED = _count(
    "BARE_CLOSES_NEEDED",
    5,
    "bursts",
    "A close without alert inside the handshake looks exactly like a lost network, so it takes more of them ...",
)
BARE_CLOSE_CONTROLS_NEEDED = _count(
    "BARE_CLOSE_CONTROLS_NEEDED",
    5,
    "relayed attempts",
    "... against as many controls that worked.",
)
CONTROLS_NEEDED = _count(
    "CONTROLS_NEEDED",
    1,
    "relayed attempts",
    "A refusal says something only beside a relayed attempt that worked: 81 of 81 correct clients work relayed.",
)
CONTRAST_NEEDED = _count(
    "CONTRAST_NEEDED",
    2,
    "attempts",
    "A contrast (unknown_ca) must answer twice the same before anything rests on it.",
)
REPLAYS_NEEDED = _count(
    "REPLAYS_NEEDED",
    2,
    "attempts",
    "Each replayed chain must be answered twice the same: answers never varied between repeats, networks do.",
)
FOREIGN_CAS_NEEDED = _count(
    "FOREIGN_CAS_NEEDED",
    2,
    "CAs",
    "One accepted foreign CA may be in a small trust store of the app's own; two make that unlikely.",
)
EXCHANGES_FOR_CONFIRMED = _count(
    "EXCHANGES_FOR_CONFIRMED",
    2,
    "requests",
    "Two decrypted exchanges exclude that a single misattributed request decides 'unpinned'.",
)
PREFACE_CLOSES_NEEDED = _count(
    "PREFACE_CLOSES_NEEDED",
    3,
    "attempts",
    "An HTTP/2 preface without a request, every time, while relays talk, is a check that runs after connecting "
    "(an OkHttp network interceptor); fewer may be preconnects.",
)
REQUEST_LEAST_BYTES = _count(
    "REQUEST_LEAST_BYTES",
    40,
    "bytes",
    "An HTTP/2 request takes at least as many beside the preface (OkHttp's smallest: about 54); settings vary by less.",
)
MIXED_NEEDED = _count(
    "MIXED_NEEDED",
    2,
    "attempts of each kind",
    "Mixed outcomes need a repeated refusal and a repeated accept; one of either is an accident.",
)
FALLBACKS_NEEDED = _count(
    "FALLBACKS_NEEDED",
    2,
    "times",
    "Traffic to another place after one refusal may be chance; the same again is what the app does.",
)
CHANCE = _share(
    "CHANCE",
    0.05,
    "An exact small-sample test decides whether counts differ, never a bare percentage: a degradation is present where "
    "chance would arrange what was seen in at most one case of twenty ...",
)
SMALL_CHANCE = _share(
    "SMALL_CHANCE",
    0.01,
    "... and in one of a hundred where nothing was refused, or where every endpoint of two phases is compared.",
)
LESS_SHARE = _share(
    "LESS_SHARE", 0.5, "Less than half of the control's traffic is less; any smaller difference is how people use apps."
)
ABORTS_NEEDED = _count(
    "ABORTS_NEEDED",
    3,
    "attempts",
    "A request that is followed by an abort must repeat: one is a person who closes the app.",
)
SILENT_NEEDED = _count(
    "SILENT_NEEDED",
    3,
    "bursts",
    "Idle preconnects are common, and come in bursts: only a repeated silence beside controls that talk is a sign.",
)
MUTE_CLOSES_NEEDED = _count(
    "MUTE_CLOSES_NEEDED",
    3,
    "moments",
    "Beside accepts, closes without alert are often cancellations, several sockets at once: those that overlap in time "
    "count once, and it takes more of them than of alerts ...",
)
MUTE_CLOSES_SHARE = _share(
    "MUTE_CLOSES_SHARE",
    0.2,
    "... and, where they come in no order, at least one in five: users cancel less often than that.",
)
FAULTS_WEIGHT = _count(
    "FAULTS_WEIGHT",
    2,
    "closes per fault",
    "A network that breaks connections off breaks most of them elsewhere: a close after the handshake counts only where "
    "such closes outnumber the faults that many times.",
)
RETRY_FASTER = _count(
    "RETRY_FASTER",
    5,
    "times",
    "After a refusal a storm comes back at least so many times sooner than after a connection that worked.",
)
RETRY_GAPS_NEEDED = _count(
    "RETRY_GAPS_NEEDED", 3, "pauses", "Pauses after connections that worked, before a pace can be compared."
)
RETRY_STORM_PER_MINUTE = _count(
    "RETRY_STORM_PER_MINUTE",
    5,
    "refused handshakes a minute",
    "Well-behaved stacks try once per call; five refused handshakes a minute are an app's own retry loop.",
)
STRONG_CONFIRMED_COUNT = _count(
    "STRONG_CONFIRMED_COUNT",
    3,
    "occurrences",
    "A degradation seen three times is taken as confirmed, below that as probable.",
)

RUNS_FOR_MAJORITY = _count(
    "RUNS_FOR_MAJORITY",
    3,
    "runs",
    "Of runs that are alike and disagree, a strict majority that accepts is taken, if there are so many in all; two "
    "that disagree are one word against another.",
)

# -- times ----------------------------------------------------------------------------------------

SOON_MIN_S = _seconds(
    "SOON_MIN_S",
    1.0,
    "Pins checked after the handshake close within 44 ms on loopback and within 0.5 to 1 s on a device; "
    "idle preconnects were measured at 3 s and more.",
)
SOON_MAX_S = _seconds(
    "SOON_MAX_S", 2.5, "However slow the handshake was, 'soon' stays below the shortest idle preconnect (3 s)."
)
SOON_HANDSHAKES = _count(
    "SOON_HANDSHAKES", 5, "handshake times", "On a slow path 'soon' grows with the handshake that was measured."
)
LONG_S = _seconds(
    "LONG_S",
    10.0,
    "An established connection without a byte for ten seconds is silent; OkHttp's own time-outs are 10 s.",
)
BURST_S = _seconds(
    "BURST_S", 2.0, "Closes without alert within two seconds of one another share one cause and count once."
)
DIAGNOSTIC_WINDOW_S = _seconds(
    "DIAGNOSTIC_WINDOW_S",
    2.0,
    "An app logs a failure as it happens; two seconds leave room for its threads and for the clocks' difference. What "
    "else failed within them may be what was meant.",
)
FALLBACK_WINDOW_S = _seconds(
    "FALLBACK_WINDOW_S",
    5.0,
    "Measured fallbacks came 30 to 90 ms after the refusal; five seconds leave room for a slow device.",
)

LOOKUP_WINDOW_S = _seconds(
    "LOOKUP_WINDOW_S",
    10.0,
    "A client that looks a name up connects within its connect time-out, which is ten seconds in OkHttp.",
)
OUTLIVES_BY_S = _seconds(
    "OUTLIVES_BY_S",
    1.0,
    "A connection that goes on stays open at least so much longer (and five times as long) than one that is dropped.",
)

OUTLIVES_TIMES = _count("OUTLIVES_TIMES", 5, "times", "The same, as a multiple of the longest one that was dropped.")

# -- what the schedule aims for ------------------------------------------------------------------

SCHEDULE_EACH = _count(
    "SCHEDULE_EACH",
    3,
    "attempts",
    "After a refusal trusted_ca and relay alternate until this many of each are seen: one more than a verdict needs.",
)
SCHEDULE_EACH_BARE = _count(
    "SCHEDULE_EACH_BARE", 6, "attempts", "The same where refusals carry no alert: one more than a verdict needs."
)
RELAY_EVERY = _count(
    "RELAY_EVERY", 10, "attempts", "Accepting endpoints stay intercepted, with one relay in this many as a control."
)
BAD_CERTIFICATES_EACH = _count(
    "BAD_CERTIFICATES_EACH", 2, "attempts", "Each bad certificate is shown twice: once may be an accident."
)
ACCEPTS_BEFORE_MORE = _count(
    "ACCEPTS_BEFORE_MORE",
    3,
    "attempts",
    "An endpoint that accepts is decided after this many connections; only then is it relayed, or shown anything that "
    "fails it.",
)
REPLAY_CHAINS_SHOWN = _count(
    "REPLAY_CHAINS_SHOWN",
    4,
    "chains",
    "Chains replayed to the endpoints of one stack, so that each can vouch for others.",
)
LET_THROUGH_EVERY = _count(
    "LET_THROUGH_EVERY",
    2,
    "attempts",
    "Between probes that must fail, every third connection is let through, so that the app lives.",
)
RETEST_EVERY = _count(
    "RETEST_EVERY",
    8,
    "attempts",
    "Decided refusals are relayed so that the app lives; one in this many is intercepted again, since some "
    "clients give up checking after n failures.",
)

COUNTS_COMPARED = _count(
    "COUNTS_COMPARED",
    1000,
    "attempts",
    "Two reports' counts are compared as if of at most so many: beyond that an exact test says no more and takes long.",
)

ZONES_EAST_S = _seconds(
    "ZONES_EAST_S",
    14 * 3600.0,
    "A pin set expires at midnight of the device's time zone, which is not known: the first zone has it 14 hours "
    "before UTC ...",
)
ZONES_WEST_S = _seconds("ZONES_WEST_S", 12 * 3600.0, "... and the last one 12 hours after it.")
PIN_EXPIRY_SOON_S = _seconds(
    "PIN_EXPIRY_SOON_S",
    90 * 86400.0,
    "A pin set that expires within 90 days needs a new release now: users take weeks to update.",
)
LEAF_SHORT_S = _seconds(
    "LEAF_SHORT_S",
    100 * 86400.0,
    "A leaf that is valid for less than 100 days is renewed by a machine, often with a new key.",
)

# -- what a pin set is given -----------------------------------------------------------------------

PINS_LAST_DAYS = _count(
    "PINS_LAST_DAYS",
    365,
    "days",
    "An advised pin set ends at the latest so long after it was made: apps are updated within a year, and one that nobody "
    "updates any more should lose its pins, not its connection ...",
)
PINS_END_BEFORE_DAYS = _count(
    "PINS_END_BEFORE_DAYS",
    28,
    "days",
    "... and so long before the issuing CA's certificate ends, since its successor comes weeks earlier and an update "
    "takes time to reach devices. Where that is past already, no set is advised.",
)

# -- bounds of memory ---------------------------------------------------------------------------

EXAMPLES_KEPT = _count("EXAMPLES_KEPT", 3, "attempts per pattern", "Enough to show a pattern; the rest is counted.")
PATTERNS_KEPT = _count("PATTERNS_KEPT", 64, "patterns per stack", "More than any client measured shows (at most 9).")
SPANS_KEPT = _count("SPANS_KEPT", 64, "intervals", "Intervals in which data flowed; neighbours are merged beyond that.")
EMPTIES_KEPT = _count(
    "EMPTIES_KEPT", 256, "attempts", "Empty closes compared one by one with concurrent data; older ones are counted."
)
MOMENTS_KEPT = _count(
    "MOMENTS_KEPT", 256, "attempts per stack", "Decided attempts that later traffic is compared with; the first ones."
)
CONTACTS_KEPT = _count(
    "CONTACTS_KEPT", 256, "contacts per endpoint", "What is contacted more often is compared with nothing any more."
)
LIVES_KEPT = _count("LIVES_KEPT", 64, "connections per stack and arm", "Enough for an exact test of two samples.")
LOOKUPS_KEPT = _count("LOOKUPS_KEPT", 64, "lookups per name", "The same.")
MARKS_KEPT = _count("MARKS_KEPT", 1000, "marks", "Phases of one session; a script that marks in a circle ends here.")
REFUSALS_COMPARED = _count(
    "REFUSALS_COMPARED", 64, "attempts", "The latest failed attempts that a contact is compared with."
)
FOLLOWERS_KEPT = _count(
    "FOLLOWERS_KEPT", 8, "places per stack", "An app that falls back to more is none that is known."
)
ENDPOINTS_KEPT = _count(
    "ENDPOINTS_KEPT", 20000, "endpoints", "A hostile client can invent names without end; beyond this they are counted."
)
APPS_KEPT = _count("APPS_KEPT", 64, "apps", "What packages declare; a session speaks of few.")
DIAGNOSTICS_KEPT = _count("DIAGNOSTICS_KEPT", 512, "lines", "Causes that the app's log named; the first ones.")
STACKS_KEPT = _count("STACKS_KEPT", 32, "stacks per endpoint", "The same for fingerprints.")
REPLAY_CHAINS_KEPT = _count(
    "REPLAY_CHAINS_KEPT", 256, "chains", "Genuine chains that may be replayed; more than any app's upstreams."
)
CHAINS_KEPT = _count("CHAINS_KEPT", 4, "chains per endpoint", "Enough to see a CDN rotate; the first and the latest.")
