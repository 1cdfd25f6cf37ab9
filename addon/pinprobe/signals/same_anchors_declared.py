"""Does the package give this host the same trust anchors as a canary, and so trust our CA for both?"""

from pinprobe.attempts import TRUSTED_CA
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.signals.package import MAYBE_ANOTHERS, host_of, not_read, platform_refusals, trusted_here
from pinprobe.signals.peers import may_be_anothers


def _same(asked: Asked) -> Answer:
    host = host_of(asked)
    if host is None:
        return not_read(asked)
    if trusted_here(asked, host) is None:
        return unknown("whether these anchors hold the CA is not known: --set pinprobe_ca_store=user|system")
    if not trusted_here(asked, host):
        return present_if(False, note="the configuration does not trust the CA for this host")
    if may_be_anothers(asked.evidence, asked.endpoint):
        # Play services, for one, trust no user-added CA, whatever this app's configuration says.
        return unknown(MAYBE_ANOTHERS)
    alerts = asked.stack.alerts(TRUSTED_CA)
    if len(alerts) != 1 or not platform_refusals(asked):
        return unknown("the configuration binds the platform's TLS, which refuses inside the handshake by alert 46")
    app_id, stack, alert = asked.endpoint.endpoint.app_id, asked.stack.stack, next(iter(alerts))
    found = asked.peers.anchored.get((app_id, stack, alert, host.anchors), ())
    canary = next((endpoint.host for endpoint in found if endpoint != asked.endpoint.endpoint), None)
    if canary is not None:
        return present_if(True, count=1, note=f"{', '.join(host.anchors)}, as for {canary}")
    if any(endpoint != asked.endpoint.endpoint for endpoint in asked.peers.canaries.get((app_id, stack, alert), ())):
        return present_if(False, note="the canary has other anchors")
    return unknown("no other endpoint of this stack vouches for the CA")


SAME_ANCHORS_DECLARED = Card(
    id="same_anchors_declared",
    kind=Kind.EVIDENCE,
    title="same declared anchors as the canary",
    asks="Does the package give this host trust anchors that hold our CA, and a canary of this stack the very same ones?",
    matters="Then the CA is trusted here too, although it is not in the system store.",
    limits="The Network Security Config binds the platform's TLS only; a client object with a trust store of its own "
    "goes around it.",
    evaluate=_same,
)
