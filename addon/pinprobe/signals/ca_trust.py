"""Is our certificate authority known to be trusted: here, by this stack, by the app, by the device?"""

from pinprobe.attempts import TRUSTED_CA
from pinprobe.signals.card import Answer, Asked, Card, Kind, State, present_if, unknown
from pinprobe.signals.chain_check import CHAIN_CHECKED_IN_HANDSHAKE
from pinprobe.signals.contrasts import CA_TRUSTED_BY_EXPIRY, ca_distrusted
from pinprobe.signals.peers import Found
from pinprobe.signals.replay import private_chain


def _here(asked: Asked) -> Answer:
    return present_if(True, count=asked.stack.accepts) if asked.stack.accepts else unknown("nothing was accepted here")


def _by_stack(asked: Asked) -> Answer:
    alerts = asked.stack.alerts(TRUSTED_CA)
    if len(alerts) != 1:
        return unknown("the refusals carry no alert, or several, to compare with a canary's")
    if ca_distrusted(asked) and not private_chain(asked):
        return unknown("an expired certificate of the CA is refused for its CA: this client has other roots")
    app_id, stack = asked.endpoint.endpoint.app_id, asked.stack.stack
    if host := _another(asked, asked.peers.canaries.get((app_id, stack, next(iter(alerts))), ())):
        return present_if(True, count=1, note=host)
    if _another(asked, asked.peers.decrypted.get((app_id, stack), ())):
        return unknown("an endpoint of this stack was decrypted, but is not seen to refuse a CA nobody trusts that way")
    return unknown("no other endpoint of this stack was decrypted")


def _by_app(asked: Asked) -> Answer:
    if host := _another(asked, asked.peers.accepting.get(asked.endpoint.endpoint.app_id, ())):
        return present_if(True, count=1, note=host)
    return unknown("nothing else of this app was decrypted")


def _another(asked: Asked, found: Found) -> str | None:
    """The first of these that is not the endpoint asked about."""
    return next((endpoint.host for endpoint in found if endpoint != asked.endpoint.endpoint), None)


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


def trust_proven(asked: Asked) -> bool:
    """Whether this stack is known to trust the CA though it refuses here: what makes a refusal more than distrust."""
    proofs: tuple[Card, ...] = (CA_TRUSTED_BY_STACK, CA_TRUSTED_BY_EXPIRY)
    if asked.stack.refusals_after_handshake == asked.stack.refusals:
        proofs = (*proofs, CHAIN_CHECKED_IN_HANDSHAKE)
    return any(card.evaluate(asked).state is State.PRESENT for card in proofs)
