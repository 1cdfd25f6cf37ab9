"""Is our certificate authority known to be trusted: here, by this stack, by the app, by the device?"""

from pinprobe.probes import UNKNOWN_CA
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import CONTRAST_NEEDED

NOT_THE_APPS_OWN = frozenset({"os", "google-play-services", "browser"})
"""Where the app was merely named, hosts of these categories may be another program's: nobody's canary."""


def _here(asked: Asked) -> Answer:
    return present_if(True, count=asked.stack.accepts) if asked.stack.accepts else unknown("nothing was accepted here")


def _by_stack(asked: Asked) -> Answer:
    alerts = asked.stack.alerts("trusted_ca")
    if len(alerts) != 1:
        return unknown("the refusals carry no alert, or several, to compare with a canary's")
    unproven = False
    for endpoint, stack in asked.peers.get((asked.endpoint.endpoint.app_id, asked.stack.stack), ()):
        if endpoint is asked.endpoint or not stack.requests:
            continue
        known = asked.evidence.hosts.get(endpoint.endpoint.host)
        if known is not None and known.category in NOT_THE_APPS_OWN:
            continue
        answered = stack.alerts(UNKNOWN_CA.id)
        refused_all = sum(answered.values()) == stack.count(UNKNOWN_CA.id)
        if refused_all and answered.keys() == alerts.keys() and sum(answered.values()) >= CONTRAST_NEEDED:
            return present_if(True, count=stack.accepts, note=endpoint.endpoint.host)
        unproven = True
    if unproven:
        return unknown("an endpoint of this stack was decrypted, but is not seen to refuse a CA nobody trusts that way")
    return unknown("no other endpoint of this stack was decrypted")


def _by_app(asked: Asked) -> Answer:
    for (app_id, _), peers in asked.peers.items():
        if app_id == asked.endpoint.endpoint.app_id and any(e is not asked.endpoint for e, _ in peers):
            host = next(e.endpoint.host for e, _ in peers if e is not asked.endpoint)
            return present_if(True, note=host)
    return unknown("nothing of this app was decrypted")


def _in_system_store(asked: Asked) -> Answer:
    store = asked.evidence.session.ca_store if asked.evidence.session is not None else "unknown"
    if store == "unknown":
        return unknown("not said: --set pinprobe_ca_store=none|user|system")
    return present_if(store == "system", note="as declared by option")


CA_TRUSTED_HERE = Card(
    id="ca_trusted_here",
    kind=Kind.EVIDENCE,
    title="this endpoint trusted the CA",
    asks="Was anything accepted under our certificate at this very endpoint?",
    matters="Then a refusal here is not plain distrust.",
    limits="Another part of the app may have accepted it.",
    evaluate=_here,
)
CA_TRUSTED_BY_STACK = Card(
    id="ca_trusted_by_stack",
    kind=Kind.EVIDENCE,
    title="the same TLS stack trusts the CA elsewhere",
    asks="Did another endpoint of this app, with the same fingerprint, send requests under our CA, "
    "and does it answer a CA that nobody trusts with the very alert that is seen here?",
    matters="It separates a pin from a certificate authority that was never trusted.",
    limits="Two uses of one stack may have different trust stores; the alert and the system store narrow that.",
    evaluate=_by_stack,
)
CA_TRUSTED_BY_APP = Card(
    id="ca_trusted_by_app",
    kind=Kind.EVIDENCE,
    title="another part of the app trusts the CA",
    asks="Was any other endpoint of this app decrypted?",
    matters="The CA is installed at all.",
    limits="Another stack may bring its own roots, so this proves nothing about the stack here.",
    evaluate=_by_app,
)
CA_IN_SYSTEM_STORE = Card(
    id="ca_in_system_store",
    kind=Kind.EVIDENCE,
    title="the CA is in the system store",
    asks="Is our CA where every app with default settings trusts it?",
    matters="User-added CAs are ignored by most apps since Android 7.",
    limits="Declared by the user, unless the device was checked; some stacks bring their own roots.",
    evaluate=_in_system_store,
)
