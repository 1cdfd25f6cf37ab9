"""Does a second TLS stack take over where the first one refused?"""

from pinprobe.signals.card import Card, Kind
from pinprobe.signals.other_stacks import differ

SECOND_STACK = Card(
    id="second_stack",
    kind=Kind.STRONG,
    title="another TLS stack took over after the refusal",
    asks="Did another fingerprint begin to accept here after this one had refused?",
    matters="The refusal is undone by a second client that does not check.",
    trigger="Two or more refusals and no accept by one fingerprint that is known to trust the CA; another that never "
    "refuses is seen for the first time after the first of them, and accepts.",
    rules_out="A stack with roots of its own, which merely distrusts the CA; another device; hosts that the device speaks "
    "to by itself; stacks that were there before.",
    limits="An SDK that shares the host may do so by chance.",
    evaluate=lambda asked: differ(asked, after_refusal=True),
)
