"""Did a stack refuse at first, and accept later?"""

from pinprobe.signals.card import Card, Kind
from pinprobe.signals.order import Order, both

GAVE_UP_CHECKING = Card(
    id="gave_up_checking",
    kind=Kind.STRONG,
    title="refused first, then accepted for good",
    asks="Did all refusals come before all accepts?",
    matters="An attacker only has to insist.",
    trigger="At least two certificate alerts, or three moments of closing without one, then at least two accepts by the "
    "same fingerprint, and no refusal after them; without alerts chance would order them so in at most 5 % of cases.",
    rules_out="The same as mixed_outcomes does.",
    limits="A configuration fetched meanwhile, or a person's 'proceed' in a WebView, looks the same.",
    evaluate=lambda asked: both(asked, Order.REFUSED_FIRST),
)
