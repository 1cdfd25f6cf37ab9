"""Does the app fall mute under interception?"""

from pinprobe import chance
from pinprobe.attempts import RELAY, Outcome
from pinprobe.evidence import Turn
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.signals.network import why_closed
from pinprobe.thresholds import CHANCE, SILENT_NEEDED


def _silent(asked: Asked) -> Answer:
    stack = asked.stack
    silent_s, mute = stack.silences_s, stack.count(RELAY, Outcome.RELAY_UNCLEAR)
    silent = len(silent_s)
    if not stack.tested:
        return unknown("no attempt was shown our certificate")
    if not silent or stack.accepts:
        return present_if(False, count=silent, of=stack.tested)
    if silent < SILENT_NEEDED:
        return unknown(f"{silent} silent, those of one moment counted once: {SILENT_NEEDED} are needed")
    if mute:
        return present_if(False, count=silent, of=stack.tested, note=f"{mute} relayed attempts stay mute as well")
    if stack.silent_doubtful:
        return unknown("names differ, or the proxy negotiated otherwise than the server: that may be why it is mute")
    after = sum(m.turn is Turn.WORKED and m.opened_s >= silent_s[0] for m in stack.kept_moments)
    talks = min(after, stack.count(RELAY, Outcome.RELAY_WORKED))  # what works under another probe is no control
    if not talks:
        return unknown("no relayed attempt talks after the first silence")
    if chance.of_separation(silent, talks) > CHANCE:
        return unknown(f"{silent} silent, {talks} relayed that talk: too few to exclude an accident")
    if why := why_closed(stack, asked.peers.network(asked.endpoint.endpoint), silent):
        return unknown(why)
    return present_if(True, count=silent, of=stack.tested)


SILENT_WHERE_CONTROL_TALKS = Card(
    id="silent_where_control_talks",
    kind=Kind.STRONG,
    title="connects and stays mute, where the control talks",
    asks="Did the client complete handshakes and send nothing for long, again and again, while relays carry data?",
    matters="The app noticed, and hides it.",
    trigger="Three or more established connections without a byte for ten seconds, those of one moment counted once, no "
    "accept, every relayed attempt talks, some after the first silence, and chance would arrange that in at most 5 % of "
    "cases.",
    rules_out="Another protocol than the server's; idle preconnects and spare or push sockets, which stay mute in the control as well or beside a "
    "connection that talks.",
    limits="A stack that waits for the server to speak first is silent if the server is.",
    evaluate=_silent,
)
