"""Are there refusals here that may be this app's, though no source of attribution could say so?"""

from dataclasses import replace

from pinprobe.events import UNATTRIBUTED
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import REFUSALS_NEEDED


def _unattributed(asked: Asked) -> Answer:
    nobodys = asked.evidence.endpoints.get(replace(asked.endpoint.endpoint, app_id=UNATTRIBUTED))
    if nobodys is None or nobodys is asked.endpoint:
        return unknown("nothing here is unattributed")
    stack = nobodys.stacks.get(asked.stack.stack)
    count = stack.refusals if stack is not None else 0
    return present_if(count >= REFUSALS_NEEDED, count=count)


REFUSALS_UNATTRIBUTED = Card(
    id="refusals_unattributed",
    kind=Kind.EVIDENCE,
    title="refusals here that no source could name the app of",
    asks="Did the same TLS stack refuse here twice or more in connections that no source of attribution could name?",
    matters="The shortest connections are named least often, and refused ones are short: what looks like nothing but accepts "
    "may be half of the story, so no verdict 'unpinned' is confirmed beside them.",
    limits="They may as well be another app's that uses the same TLS stack.",
    evaluate=_unattributed,
)
