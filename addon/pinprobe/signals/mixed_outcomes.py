"""Does one stack accept and refuse at one endpoint, in no order?"""

from pinprobe.signals.card import Card, Kind
from pinprobe.signals.order import Order, both

MIXED_OUTCOMES = Card(
    id="mixed_outcomes",
    kind=Kind.STRONG,
    title="refuses sometimes, accepts sometimes",
    asks="Are there two or more certificate refusals and two or more accepts by one stack, in no order?",
    matters="What one client object refuses, another part of the app sends anyway: the pin protects nothing.",
    trigger="At least two certificate alerts and two accepts by one fingerprint, interleaved; or at least three moments "
    "of closing without alert, one in five.",
    rules_out="Spare sockets beside one that carries data; cancellations, by their number and share; closes that names, TLS "
    "parameters or a client certificate explain; a network that breaks connections, by the relayed ones that it spares and by those that break off elsewhere; another "
    "device; hosts that the device speaks to by itself.",
    limits="Two apps on one host look the same without attribution.",
    evaluate=lambda asked: both(asked, Order.UNORDERED),
)
