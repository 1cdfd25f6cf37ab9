"""The sentence behind a verdict: counts, and the fact that decided. Pure."""

from collections.abc import Callable

from pinprobe.attempts import RELAY, TRUSTED_CA, Outcome, alert_name
from pinprobe.evidence import EndpointEvidence, StackEvidence
from pinprobe.signals import Reading, State
from pinprobe.verdicts.rules import ACCEPTS_BAD, SURENESS, Rule
from pinprobe.verdicts.stories import beside, story

NAME_THEM = (
    "refusals of the same TLS stack here could not be attributed, and may be this app's: give the app a WireGuard tunnel "
    "or a listener of its own (pinprobe_listeners)"
)
RELEASE_BUILD = "test the release build: this one is debuggable, and may trust and enforce otherwise"


def reason(rule: Rule, reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    """One line for one rule, from the counts at hand; and what is to be told beside it."""
    write = _REASONS.get(rule.id)
    text = write(reading, stack, about) if write is not None else rule.says
    more = [beside(reading, stack)] if rule.id != "degraded" else []
    if about.coalesced and stack.refusals and not stack.accepts:
        # Readable over another host's connection: no accept of this one, but nobody should think it is protected.
        more.append(f"yet {_several(about.coalesced, 'request')} for it decrypted over {about.coalesced_over}")
    return "; ".join([text, *filter(None, more)])


def what_is_missing(rule: Rule, reading: Reading) -> tuple[str, ...]:
    """What would settle the rest, for everything that the rule would still like to know."""

    def present(signal_id: str) -> bool:
        return reading[signal_id].state is State.PRESENT

    always: tuple[str, ...] = ()
    if present("debuggable_build") and rule.confidence in SURENESS[2:]:
        always += (RELEASE_BUILD,)
    if present("refusals_unattributed") and rule.id == "decrypted":
        always += (NAME_THEM,)
    if any(all(map(present, group)) for group in rule.confirmed_if):
        return always  # the cause is proven: nothing else is left
    return always + tuple(text for signal_id, text in rule.settles if not present(signal_id))


def coverage_gap(about: EndpointEvidence) -> str:
    """Why an endpoint without any attempt was not tested."""
    if about.coalesced:
        return f"seen through another connection: {_several(about.coalesced, 'request')} over {about.coalesced_over}"
    if about.datagrams:
        return "QUIC only: not intercepted, so nothing is known"
    if about.cleartext:
        return "cleartext only: there is no TLS to test"
    return "reached the proxy; nothing came of it yet"


def _several(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _refusals(stack: StackEvidence) -> str:
    tried = stack.refusals + stack.accepts
    alerts = stack.alerts(TRUSTED_CA)
    if stack.refusals_in_handshake and len(alerts) == 1:
        number = next(iter(alerts))
        how = f"alert {alert_name(number)} ({number})"
    elif stack.refusals_in_handshake:
        how = "several alerts"
    elif stack.refusals_after_handshake:
        how = "after the handshake"
    else:
        how = "closed in the handshake"
    return f"refused {stack.refusals} of {tried}, {how}"


def _control(stack: StackEvidence) -> str:
    worked = stack.count(RELAY, Outcome.RELAY_WORKED)
    return f"control worked {worked} of {worked + stack.count(RELAY, Outcome.RELAY_FAILED)}"


def _decrypted(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    parts = []
    if stack.requests:
        parts.append(f"{_several(stack.requests, 'request')} decrypted")
    if stack.exchanged_beyond_http:
        parts.append(f"{_several(stack.exchanged_beyond_http, 'exchange')} read")
    return f"{' and '.join(parts)} on {_several(stack.accepts, 'connection')}, none refused"


def _untrusted(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    found = [reading[s] for s in ACCEPTS_BAD if reading[s].state is State.PRESENT]
    return "sent data under " + ", ".join(f"{s.note} ({s.count} of {s.of})" for s in found)


def _degraded(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    return story(reading, stack)


def _confounded(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    if reading["control_failed"].state is State.PRESENT:
        signal = reading["control_failed"]
        return f"{_refusals(stack)}; the control failed too, {signal.count} of {signal.of}"
    if reading["mimic_accepted"].state is State.PRESENT:
        return f"{_refusals(stack)}; a copy of the genuine leaf under our CA passes, so it is no pin on a key"
    if reading["impatient"].state is State.PRESENT:
        return f"{_refusals(stack)}; a relay that is merely delayed fails too"
    return f"{_refusals(stack)}; {reading['explained_otherwise'].note} may explain it"


def _after_trust(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    checked = reading["chain_checked_in_handshake"]
    return f"{_refusals(stack)}; an unknown CA fails inside it {checked.count} of {checked.of}; {_control(stack)}"


def _though_trusted(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    return f"{_refusals(stack)}; same stack trusts the CA at {reading['ca_trusted_by_stack'].note}; {_control(stack)}"


def _replay_pinned(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    return f"{reading['replay_pinned'].note}; {_refusals(stack)}"


def _distrusts_only(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    count = reading["replay_accepted"].count
    return f"{_refusals(stack)}, yet accepts genuine chains of {count} other CAs: distrusts this one"


def _ca_proven(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    return f"{_refusals(stack)}; of an expired certificate only the date is refused; {_control(stack)}"


def _bypassable(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    signal = reading["stuffed_chain_accepted"]
    return f"{_refusals(stack)}, but accepted with genuine certificates sent along, {signal.count} of {signal.of}"


def _diagnosed(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    signal = reading["diagnosed_pin"]
    return f"{_refusals(stack)}; the app's log names a pin for {signal.count} of them; {_control(stack)}"


def _other_cause(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    signal = reading["diagnosed_other_cause"]
    return f"{_refusals(stack)}; the app's log names {signal.note} for {signal.count} of them, and no pin"


def _distrust_expected(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    return f"{_refusals(stack)}, as its configuration must: it does not trust user-added CAs for this host"


def _unproven(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    return f"{_refusals(stack)}; {_control(stack)}: a pin, or the CA is not trusted"


def _too_little(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    if stack.refusals and stack.accepts:
        return f"accepted {stack.accepts} and refused {stack.refusals}: too few to tell a rule from an accident"
    doubt = reading["refused_every_time"]
    if stack.refusals and reading["control_worked"].state is State.PRESENT and "network" in doubt.note:
        return f"{_refusals(stack)}: {doubt.note}"
    if stack.refusals:
        control = "no control yet" if reading["control_worked"].state is not State.PRESENT else _control(stack)
        return f"{_refusals(stack)}; {control}"
    if stack.accepts:
        return f"{_several(stack.accepts, 'connection')} carried bytes, but no whole request"
    neutral: dict[str, int] = {}
    for pattern in sorted(stack.tallies):
        if pattern.probe_id != RELAY:
            name = NEUTRAL_WORDS.get(pattern.outcome, pattern.outcome.value.replace("_", " "))
            if pattern.outcome is Outcome.OTHER_ALERT:
                name = f"alert {alert_name(pattern.alert)} ({pattern.alert}), not about the certificate"
            neutral[name] = neutral.get(name, 0) + stack.tallies[pattern].count
    return "; ".join(f"{name} ({count}×)" for name, count in neutral.items()) + ": says nothing about a pin"


NEUTRAL_WORDS = {
    Outcome.CLOSED_BEFORE_CERTIFICATE: "left before seeing a certificate",
    Outcome.CLOSED_DURING_HANDSHAKE: "closed in the handshake without alert",
    Outcome.CLOSED_WITHOUT_DATA: "spare connection beside one in use",
    Outcome.SILENT: "connected and stayed silent",
    Outcome.PREFACE_ONLY: "HTTP/2 preface only",
    Outcome.RESUMED: "resumed: no certificate shown",
    Outcome.UPSTREAM_FAILED: "the real server could not be reached",
    Outcome.PROXY_ERROR: "the proxy failed",
    Outcome.UNFINISHED: "open when the session ended",
}


def _not_tested(reading: Reading, stack: StackEvidence, about: EndpointEvidence) -> str:
    if about.upstream_errors and not stack.count(RELAY, Outcome.RELAY_WORKED, Outcome.RELAY_FAILED):
        return "the real server could not be reached"
    if reading["idle_only"].state is State.PRESENT:
        return "the device's own: seen only while the app was not running"
    if reading["missing_endpoints"].state is State.PRESENT:
        return f"unreached in the test: {reading['missing_endpoints'].note}"
    return f"only relayed, {_control(stack)}"


_REASONS: dict[str, Callable[[Reading, StackEvidence, EndpointEvidence], str]] = {
    "accepts_untrusted": _untrusted,
    "diagnostic_other_cause": _other_cause,
    "diagnosed": _diagnosed,
    "confounded": _confounded,
    "degraded": _degraded,
    "decrypted": _decrypted,
    "refused_after_trust": _after_trust,
    "refused_though_ca_trusted": _though_trusted,
    "refused_though_same_anchors": _though_trusted,
    "replay_pinned": _replay_pinned,
    "distrusts_ca_only": _distrusts_only,
    "refused_though_ca_proven": _ca_proven,
    "bypassable_pin": _bypassable,
    "distrust_expected": _distrust_expected,
    "refused_cause_unproven": _unproven,
    "too_little": _too_little,
    "not_tested": _not_tested,
}
