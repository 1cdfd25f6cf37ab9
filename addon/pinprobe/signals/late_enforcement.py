"""Did a stack accept at first, and refuse later?"""

from pinprobe.signals.card import Card, Kind
from pinprobe.signals.order import Order, both

LATE_ENFORCEMENT = Card(
    id="late_enforcement",
    kind=Kind.STRONG,
    title="accepted first, then refused for good",
    asks="Did all accepts come before all refusals?",
    matters="What was sent before the pin came into force was readable.",
    trigger="At least two accepts, then at least two certificate alerts, or three moments of closing without one, by the "
    "same fingerprint, and no accept after them; without alerts chance would order them so in at most 5 % of cases.",
    rules_out="The same as mixed_outcomes does.",
    limits="Pins fetched at run time do this by design; so does a CA removed during the session.",
    evaluate=lambda asked: both(asked, Order.ACCEPTED_FIRST),
)
