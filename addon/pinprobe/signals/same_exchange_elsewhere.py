"""Is it the very same exchange that another host gets after each refusal?"""

from pinprobe.signals.card import Answer, Asked, Card, Kind
from pinprobe.signals.following import followed
from pinprobe.signals.host_fallback import other_host
from pinprobe.thresholds import FALLBACKS_NEEDED


def _same(asked: Asked) -> Answer:
    return followed(
        asked,
        lambda follow: other_host(asked, follow) and follow.same >= FALLBACKS_NEEDED,
        counted=lambda follow: follow.same,
    )


SAME_EXCHANGE_ELSEWHERE = Card(
    id="same_exchange_elsewhere",
    kind=Kind.STRONG,
    title="sends the same exchange to another host after a refusal",
    asks="Does one and the same exchange go to another host after refusals here, and only then?",
    matters="What the pin protects travels to a host without one.",
    trigger="As host_fallback, and two or more of the contacts carry one and the same exchange: method, path and body, "
    "compared in memory only.",
    rules_out="The same as host_fallback does; reports of an error, whose bodies differ.",
    limits="A fixed request that only asks whether the network works would look the same.",
    evaluate=_same,
)
