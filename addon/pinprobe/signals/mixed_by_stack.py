"""Do two TLS stacks of the app behave differently at one endpoint?"""

from pinprobe.signals.card import Card, Kind
from pinprobe.signals.other_stacks import differ

MIXED_BY_STACK = Card(
    id="mixed_by_stack",
    kind=Kind.STRONG,
    title="refused by one TLS stack only",
    asks="Does this stack refuse every time while another accepts at the same endpoint?",
    matters="The endpoint is protected in one part of the app only.",
    trigger="Two or more refusals and no accept by one fingerprint that is known to trust the CA; another that never "
    "refuses, and was there before them, accepts.",
    rules_out="A stack with roots of its own, which merely distrusts the CA; another device; hosts that the device speaks "
    "to by itself.",
    limits="Another app on the same host looks the same without attribution.",
    evaluate=lambda asked: differ(asked, after_refusal=False),
)
