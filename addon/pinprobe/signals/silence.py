"""Does the app fall mute under interception, or hammer?"""

from pinprobe.attempts import RELAY, TRUSTED_CA, Outcome
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import RETRY_STORM_PER_MINUTE, SILENT_NEEDED


def _silent(asked: Asked) -> Answer:
    stack = asked.stack
    silent = stack.count(TRUSTED_CA, Outcome.SILENT)
    talks = stack.count(RELAY, Outcome.RELAY_WORKED)
    if silent and not talks:
        return unknown("no relayed attempt that talks")
    return present_if(silent >= SILENT_NEEDED and talks > 0 and not stack.accepts, count=silent, of=stack.tested)


def _storm(asked: Asked) -> Answer:
    times = asked.stack.clear_refusals_s
    if not times:
        return unknown("nothing was refused here")
    most = max(sum(1 for t in times if start <= t < start + 60.0) for start in times[:RETRY_STORM_WINDOWS])
    return present_if(most >= RETRY_STORM_PER_MINUTE, count=most, of=len(times))


RETRY_STORM_WINDOWS = 256

SILENT_WHERE_CONTROL_TALKS = Card(
    id="silent_where_control_talks",
    kind=Kind.STRONG,
    title="connects and stays mute, where the control talks",
    asks="Did the client complete handshakes and send nothing for long, again and again, while relays carry data?",
    matters="The app noticed, and hides it.",
    limits="Idle preconnects do so too, hence the repetition.",
    evaluate=_silent,
)
RETRY_STORM = Card(
    id="retry_storm",
    kind=Kind.WEAK,
    title="hammers after refusals",
    asks="Were there five or more refused handshakes within a minute?",
    matters="An endless retry loop drains batteries and hides the cause from the user.",
    limits="The experiment itself keeps some attempts failing; poor networks do too.",
    evaluate=_storm,
)
