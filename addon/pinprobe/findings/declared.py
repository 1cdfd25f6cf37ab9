"""PIN-103, PIN-108, PIN-206 and PIN-210: what the app's package declares, and what came of it."""

import re

from pinprobe.evidence import DECLARED_WORDS, Declaration, Standing
from pinprobe.findings.card import Check, Level, Seen, Told
from pinprobe.signals import State

_MEANT_SO = frozenset({"", Standing.REPORT_ONLY, Standing.DEBUG_OVERRIDES})
"""Causes that PIN-208 and PIN-210 speak of."""
_NAME = re.compile(r"\[?[0-9a-f:]+\]?|[^\s*./:?#]+(?:\.[^\s*./:?#]+)*")
"""What a host can be called: labels between dots, or an address."""


def pins_words(declared: Declaration) -> str:
    """How many pins, and by which configuration."""
    count = len(declared.pins)
    return f"{count} {'pin' if count == 1 else 'pins'} by {declared.config}"


def _not_enforced(seen: Seen) -> list[Told]:
    return [
        Told(judged=j)
        for j in seen.judged
        if any(
            signal.id == "declared_but_not_enforced" and signal.state is State.PRESENT and signal.cause not in _MEANT_SO
            for signal in j.judgement.signals
        )
    ]


def _trusts_user_cas(seen: Seen) -> list[Told]:
    if seen.app is None or seen.app.debuggable:
        return []
    if seen.app.user_cas:
        return [Told(text="the base configuration trusts user-added CAs")]
    return [
        Told(judged=j, text=f"{j.declared.config} trusts user-added CAs")
        for j in seen.judged
        if j.declared is not None and "user" in j.declared.anchors
    ]


def _misses(seen: Seen) -> list[Told]:
    found = [
        Told(judged=j, text=f"pins are {DECLARED_WORDS[j.declared.standing]}: {j.declared.config} holds")
        for j in seen.judged
        if j.declared is not None and j.declared.standing in {Standing.SHADOWED, Standing.NEVER_MATCHES}
    ]
    if seen.app is None:
        return found
    names = dict.fromkeys(one.domain for one in seen.app.pin_sets if not _NAME.fullmatch(one.domain))
    return found + [
        Told(text=f"{domain} matches no host: a domain is a plain name, without wildcard, scheme, port or path")
        for domain in names
    ]


def _debuggable(seen: Seen) -> list[Told]:
    return [Told(text="the manifest says debuggable")] if seen.app is not None and seen.app.debuggable else []


NOT_ENFORCED = Check(
    id="PIN-103",
    level=Level.ERROR,
    title="A pin is declared, and interception succeeded",
    why="Somebody believes that this host is pinned, and it is not.",
    remedy="Find the client that goes around the configuration; check the pattern, the expiry date and overridePins.",
    references=("MASVS-NETWORK-2", "MASWE-0028", "MASTG-TEST-0242", "MASTG-TEST-0244"),
    find=_not_enforced,
)
TRUSTS_USER_CAS = Check(
    id="PIN-108",
    level=Level.WARNING,
    title="A release build trusts user-added CAs",
    why="Whoever gets a CA into the user store, by a profile or a trick, reads this traffic.",
    remedy="Move the user certificates to debug-overrides, which bind debuggable builds only.",
    references=("MASVS-NETWORK-1", "MASWE-0027", "MASTG-TEST-0285", "MASTG-TEST-0286"),
    find=_trusts_user_cas,
)
MISSES_ITS_HOST = Check(
    id="PIN-206",
    level=Level.WARNING,
    title="Pins are declared where they do not reach their host",
    why="A domain with a wildcard matches nothing, and a configuration of a host's own inherits no pins of another's.",
    remedy="Use includeSubdomains, and nest the domain-config of a host within the one that holds the pins.",
    references=("MASVS-NETWORK-2", "MASWE-0028", "MASTG-TEST-0242"),
    find=_misses,
)
DEBUGGABLE = Check(
    id="PIN-210",
    level=Level.NOTE,
    title="A debuggable build was tested",
    why="It may trust and enforce otherwise than the build that users have, so no verdict on it is confirmed.",
    remedy="Test the release build.",
    references=("MASVS-NETWORK-2",),
    find=_debuggable,
)
