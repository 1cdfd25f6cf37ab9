"""RULES: the decision table. What must be true for which verdict, and how sure it is. Data only.

First match wins, from the top; the last row always matches. A rule names signals: `present` must all be present,
of `any_present` at least one, and none of `lacking` may be present. Unknown is not present, so it never helps.
"""

from dataclasses import dataclass
from enum import StrEnum

from pinprobe.signals import ACCEPTS, SIGNALS, Kind


class Verdict(StrEnum):
    """The user's three classes, and two ways of not knowing."""

    UNPINNED = "unpinned"
    PINNED = "pinned"
    SUSPICIOUS = "suspicious"
    INCONCLUSIVE = "inconclusive"
    NOT_TESTED = "not_tested"


class Confidence(StrEnum):
    """How sure a verdict is."""

    CONFIRMED = "confirmed"
    """The cause is proven."""
    PROBABLE = "probable"
    """One assumption is left, and it is named."""
    UNPROVEN = "unproven"
    """The failure is real, its cause is not known."""
    NONE = "none"
    """Nothing was decided."""


SURENESS = (Confidence.NONE, Confidence.UNPROVEN, Confidence.PROBABLE, Confidence.CONFIRMED)
"""From the least to the most sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table."""

    id: str
    verdict: Verdict
    confidence: Confidence
    says: str
    """The rule in words."""
    present: tuple[str, ...] = ()
    any_present: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    confirmed_if: tuple[tuple[str, ...], ...] = ()
    """Any one of these groups, wholly present, raises the confidence to confirmed."""
    settles: tuple[tuple[str, str], ...] = ()
    """What is still open: a signal, and what to do about it while it is not present."""


ACCEPTS_BAD = tuple(card.id for card in ACCEPTS)
"""One signal per certificate that nobody should accept."""
STRONG = tuple(card.id for card in SIGNALS if card.kind is Kind.STRONG)
"""The degradations that can make an endpoint suspicious."""

_PROOFS = (("declared_pin",), ("ct_excluded", "mimic_refused"))
"""Either turns a refusal by a client that trusts the CA from probable into confirmed."""
_CT_OPEN = (
    "ct_excluded",
    "exclude Certificate Transparency, which fails in the same way: test with a user-store CA that the app trusts, or "
    "name the app's package and the device's API level (below 36) by pinprobe_apk and pinprobe_android_api",
)
_OWN_ROOTS = (
    "same_anchors_declared",
    "a client object that brings its own roots, though it uses the same TLS stack, would look the same: "
    "look for one in the app",
)
_SYSTEM_STORE = (
    "ca_in_system_store",
    "put the proxy's CA into the device's system store, and say so with --set pinprobe_ca_store=system",
)
_CANARY = (
    "ca_trusted_by_stack",
    "use a part of the app that talks to another host through the same TLS stack and is not pinned: "
    "once it is decrypted, it shows that this stack trusts the CA",
)
_REFERENCE = (
    "replay_pinned",
    "let the app talk to another host through the same TLS stack, and name chains by pinprobe_replay_chains: without "
    "such a reference host, what it thinks of replayed chains cannot be read",
)
_CONTROL = (
    "control_worked",
    "let the app try again: no relayed attempt has worked yet, so the app may be failing anyway",
)

RULES: tuple[Rule, ...] = (
    Rule(
        id="accepts_untrusted",
        verdict=Verdict.UNPINNED,
        confidence=Confidence.CONFIRMED,
        says="A request was sent under a certificate that nobody should trust.",
        any_present=ACCEPTS_BAD,
    ),
    Rule(
        id="diagnostic_other_cause",
        verdict=Verdict.INCONCLUSIVE,
        confidence=Confidence.NONE,
        says="The app's log names another cause for these refusals than a pin.",
        present=("diagnosed_other_cause",),
        lacking=("accepted",),
    ),
    Rule(
        id="confounded",
        verdict=Verdict.INCONCLUSIVE,
        confidence=Confidence.NONE,
        says="Nothing was accepted, and something other than trust explains the refusals as well: the control fails "
        "too, it fails when merely delayed, a copy of the genuine leaf passes, or mutual TLS, a TLS mismatch or a name "
        "doubt stands beside refusals that carry no certificate alert.",
        present=("refused",),
        any_present=("control_failed", "explained_otherwise", "impatient", "mimic_accepted"),
        lacking=("accepted",),
        settles=(_CONTROL,),
    ),
    Rule(
        id="degraded",
        verdict=Verdict.SUSPICIOUS,
        confidence=Confidence.PROBABLE,
        says="The app did something else instead of failing hard.",
        any_present=STRONG,
    ),
    Rule(
        id="decrypted",
        verdict=Verdict.UNPINNED,
        confidence=Confidence.PROBABLE,
        says="Requests were decrypted under the trusted CA, and nothing was ever refused.",
        present=("decrypted",),
        lacking=("refused",),
        confirmed_if=(("decrypted_repeatedly", "ca_in_system_store"), ("decrypted_repeatedly", "exemption_excluded")),
        settles=(
            (
                "exemption_excluded",
                "a pin that exempts user-added CAs (Cronet's default, overridePins, debug-overrides) is not excluded: "
                "repeat with the CA in the system store and --set pinprobe_ca_store=system",
            ),
            ("decrypted_repeatedly", "one exchange only: use the app a little longer"),
        ),
    ),
    Rule(
        id="diagnosed",
        verdict=Verdict.PINNED,
        confidence=Confidence.CONFIRMED,
        says="The app's own log names the pin for these refusals.",
        present=("refused_every_time", "control_worked", "diagnosed_pin"),
    ),
    Rule(
        id="bypassable_pin",
        verdict=Verdict.PINNED,
        confidence=Confidence.CONFIRMED,
        says="The trusted CA is refused every time, and the same chain with the genuine certificates appended is "
        "accepted: a pin, and its bypass (CVE-2016-2402 and its kin).",
        present=("refused_every_time", "stuffed_chain_accepted"),
    ),
    Rule(
        id="replay_pinned",
        verdict=Verdict.PINNED,
        confidence=Confidence.CONFIRMED,
        says="Replayed genuine chains show which element of the chain is pinned.",
        present=("replay_pinned",),
        lacking=("accepted",),
    ),
    Rule(
        id="refused_after_trust",
        verdict=Verdict.PINNED,
        confidence=Confidence.PROBABLE,
        says="It refuses after the handshake every time, and checks chains inside it: so the CA passed, and something "
        "after the chain check refused.",
        present=("refused_after_handshake", "control_worked", "chain_checked_in_handshake"),
        confirmed_if=_PROOFS,
        settles=(_CT_OPEN,),
    ),
    Rule(
        id="refused_though_ca_trusted",
        verdict=Verdict.PINNED,
        confidence=Confidence.PROBABLE,
        says="It refuses inside the handshake every time, although the same TLS stack of this app is known to trust "
        "the CA, which is in the system store.",
        present=("refused_in_handshake", "control_worked", "ca_trusted_by_stack", "ca_in_system_store"),
        lacking=("replay_accepted",),
        confirmed_if=_PROOFS,
        settles=(_CT_OPEN, _OWN_ROOTS),
    ),
    Rule(
        id="refused_though_same_anchors",
        verdict=Verdict.PINNED,
        confidence=Confidence.PROBABLE,
        says="It refuses inside the handshake every time, although the app gives this host the same trust anchors as "
        "one that the same TLS stack accepts.",
        present=("refused_in_handshake", "control_worked", "ca_trusted_by_stack", "same_anchors_declared"),
        lacking=("replay_accepted",),
        confirmed_if=_PROOFS,
        settles=(_CT_OPEN,),
    ),
    Rule(
        id="refused_though_ca_proven",
        verdict=Verdict.PINNED,
        confidence=Confidence.PROBABLE,
        says="It refuses inside the handshake every time, although an expired certificate of the CA is refused for its "
        "date alone: so the CA is trusted here.",
        present=("refused_in_handshake", "control_worked", "ca_trusted_by_expiry"),
        lacking=("replay_accepted",),
        confirmed_if=_PROOFS,
        settles=(_CT_OPEN,),
    ),
    Rule(
        id="distrusts_ca_only",
        verdict=Verdict.INCONCLUSIVE,
        confidence=Confidence.NONE,
        says="It distrusts this CA and accepts genuine chains of others; a check after the handshake was not reached.",
        present=("replay_accepted",),
        lacking=("accepted",),
        settles=(_SYSTEM_STORE,),
    ),
    Rule(
        id="distrust_expected",
        verdict=Verdict.INCONCLUSIVE,
        confidence=Confidence.NONE,
        says="The CA is in the user store, which this app's configuration does not trust for this host: a refusal here "
        "says nothing about pinning.",
        present=("refused_in_handshake", "distrust_declared"),
        settles=(_SYSTEM_STORE,),
    ),
    Rule(
        id="refused_cause_unproven",
        verdict=Verdict.PINNED,
        confidence=Confidence.UNPROVEN,
        says="Hard failure: a pin, or the CA is not trusted. It refuses every time and works when relayed.",
        present=("refused_every_time", "control_worked"),
        settles=(_SYSTEM_STORE, _CANARY, _REFERENCE),
    ),
    Rule(
        id="too_little",
        verdict=Verdict.INCONCLUSIVE,
        confidence=Confidence.NONE,
        says="It was put to the test, and what was seen decides nothing.",
        present=("tested",),
    ),
    Rule(
        id="not_tested",
        verdict=Verdict.NOT_TESTED,
        confidence=Confidence.NONE,
        says="No attempt was shown a certificate of the proxy.",
    ),
)
