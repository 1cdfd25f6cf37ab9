"""Does the client notice a certificate that nobody should accept? One question per such probe. Pure."""

from pinprobe.attempts import Outcome
from pinprobe.probes import PROBES, CertificatePlan, Family
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown

WITHOUT_AUTHENTICATION = {853: "opportunistic DNS over TLS (RFC 7858)", 8009: "Cast"}
"""Ports whose protocols encrypt without knowing the peer, by design: accepting anything is no finding there."""


def _accepts(plan: CertificatePlan) -> Card:
    def evaluate(asked: Asked) -> Answer:
        if by_design := WITHOUT_AUTHENTICATION.get(asked.endpoint.endpoint.port):
            return unknown(f"{by_design} accepts any certificate by design")
        shown = asked.stack.count(plan.id)
        if not shown:
            return unknown(f"{plan.id} was not shown here")
        accepted = asked.stack.count(plan.id, Outcome.DATA_EXCHANGED)
        return present_if(accepted > 0, count=accepted, of=shown, note=plan.title)

    return Card(
        id=f"accepts_{'untrusted' if plan.id == 'unknown_ca' else plan.id}",
        kind=Kind.EVIDENCE,
        title=f"accepts {plan.title}",
        asks=f"Is data sent under {plan.title}?",
        matters=plan.passing_means,
        limits="A person who clicked through a browser's warning looks the same.",
        evaluate=evaluate,
    )


ACCEPTS: tuple[Card, ...] = tuple(
    _accepts(plan) for plan in PROBES if plan.nobody_should_accept and plan.family is not Family.REPLAY
)
