"""What a stack's answers to replayed chains mean: its normal refusal, its signature alert, its steady answers. Pure."""

from pinprobe.attempts import SIGNATURE_ALERTS, TRUSTED_CA
from pinprobe.evidence import StackEvidence
from pinprobe.evidence.replays import GENUINE, Replay
from pinprobe.probes import UNKNOWN_CA
from pinprobe.thresholds import REPLAYS_NEEDED


def normal_refusal(stack: StackEvidence) -> int | None:
    """The one alert by which this stack refuses a certificate here; None where there is none, or several.

    Of an endpoint that accepts our CA it is the answer to a CA that nobody trusts.
    """
    alerts = stack.alerts(UNKNOWN_CA.id) if stack.accepts else stack.alerts(TRUSTED_CA)
    # A single close without alert is a lost network or an impatient client, not another way of refusing.
    if stack.refusals_after_handshake or stack.bare_refusals or len(alerts) != 1:
        return None
    return next(iter(alerts))


def steady(counts: dict[int, int]) -> int | None:
    """The one answer, given often enough; None for anything less."""
    answer, count = next(iter(counts.items()), (0, 0))
    return answer if len(counts) == 1 and count >= REPLAYS_NEEDED else None


def calibration(stack: StackEvidence, tls_version: str) -> int | None:
    """The alert by which this stack says 'chain accepted, signature bad'; None where the probe is blind for it.

    It is its steady answer to the host's own chain, one of the alerts that stacks are known to give for a bad
    signature, and another one than its normal refusal (measured: 51; JSSE 40; Go on TLS 1.2 10).
    """
    merged: dict[int, int] = {}
    for replay, counts in stack.replays.answers.items():
        if replay.probe_id == GENUINE and replay.tls_version == tls_version:
            for answer, count in counts.items():
                merged[answer] = merged.get(answer, 0) + count
    signature = steady(merged)
    return signature if signature in SIGNATURE_ALERTS and signature != normal_refusal(stack) else None


def accepted_chains(stack: StackEvidence) -> list[tuple[Replay, int]]:
    """Chains that this stack accepted here, with its normal refusal.

    Each shows that the device has the root, and that the stack does not check the name together with the chain. Its
    own chain, too, shows the first; the second stands as soon as any other host's is accepted.
    """
    normal = normal_refusal(stack)
    if normal is None:
        return []
    accepted = [
        replay
        for replay, counts in sorted(stack.replays.answers.items())
        if (signature := calibration(stack, replay.tls_version)) is not None and steady(counts) == signature
    ]
    not_by_name = {replay.tls_version for replay in accepted if replay.probe_id != GENUINE}
    return [(replay, normal) for replay in accepted if replay.tls_version in not_by_name]
