"""PIN-201 to PIN-205, PIN-207 and PIN-212: are the declared pins worth anything, and for how long?"""

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from pinprobe import events as ev
from pinprobe.evidence import DECLARED_STANDINGS, Declaration, Element, Standing, unreached
from pinprobe.findings.card import Check, Judged, Level, Seen, Told
from pinprobe.findings.declared import pins_words
from pinprobe.signals import State
from pinprobe.thresholds import LEAF_SHORT_S, PIN_EXPIRY_SOON_S, ZONES_WEST_S

DAY_S = 86400.0
_REACHING = DECLARED_STANDINGS - {Standing.SHADOWED, Standing.NEVER_MATCHES}
"""The pins are those that Android resolves for the host."""
_BREAKING = _REACHING - {Standing.EXPIRED, Standing.REPORT_ONLY}
"""And they refuse what they do not match."""
_OF_NOTHING = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
"""SHA-256 of no bytes at all."""
_EXAMPLES = frozenset(
    {
        # From the documentation of Android, OkHttp and TrustKit.
        "7HIpactkIAq2Y49orFOOQKurWxmmSFZhBCoQYcRhJ3Y=",
        "fwza0LRMXouZHRC8Ei+4PyuldPDcf3UKgO/04cDM1oE=",
        "afwiKY3RxoMmLkuRW1l7QsPZTJPwDS2pdDROQjXw8ig=",
        "HXXQgxueCIU5TTLHob/bPbwcKOKw6DkfsTWYHbxbqTY=",
        "0SDf3cRToyZJaMsoS17oF72VMavLxj/N7WBNasNuiR8=",
    }
)

Pinned = tuple[Judged, Declaration]


def _pinned(seen: Seen) -> Iterator[Pinned]:
    for one in seen.judged:
        if one.declared is not None and one.declared.standing in _REACHING:
            yield one, one.declared


def _each(tell: Callable[[Declaration], str]) -> Callable[[Seen], list[Told]]:
    """Ask the same of every pinned endpoint; empty words, nothing to tell."""
    return lambda seen: [Told(judged=one, text=text) for one, declared in _pinned(seen) if (text := tell(declared))]


def _day(at_s: float) -> str:
    try:
        return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at_s):%Y-%m-%d}"
    except OverflowError:
        return "a day beyond the calendar"


def _expiry(expires_s: float | None, at_s: float) -> tuple[str, Level] | None:
    if expires_s is None or expires_s - at_s >= PIN_EXPIRY_SOON_S:
        return None
    if at_s >= expires_s + ZONES_WEST_S:
        return f"expired on {_day(expires_s)}: the pins are ignored", Level.ERROR
    return f"expires on {_day(expires_s)}, in {max(0, int((expires_s - at_s) / DAY_S))} days", Level.WARNING


def _expiring(seen: Seen) -> list[Told]:
    found = [
        Told(judged=one, text=said[0], level=said[1])
        for one, declared in _pinned(seen)
        if (said := _expiry(declared.expires_s, seen.at_s)) is not None
    ]
    return found + [
        Told(text=f"{one.domain}, never contacted: {said[0]}", level=said[1])
        for one in _never_contacted(seen)
        if (said := _expiry(one.expires_s, seen.at_s)) is not None
    ]


def _never_contacted(seen: Seen) -> tuple[ev.DeclaredPins, ...]:
    return unreached(seen.app, [one.judgement.endpoint.host for one in seen.judged]) if seen.app is not None else ()


def _no_backup(declared: Declaration) -> str:
    pins = {one.pin for one in declared.pins}
    if len(pins) == 1:
        return f"one pin by {declared.config}, and no backup"
    if declared.chain_seen and all(one.element is not None for one in declared.pins):
        return f"all {pins_words(declared)} are of the chain that is served now"
    return ""


def _leaf_only(declared: Declaration) -> str:
    elements = {one.element for one in declared.pins if one.element is not None}
    if elements != {Element.LEAF} or declared.leaf_lasts_s is None or declared.leaf_lasts_s >= LEAF_SHORT_S:
        return ""
    return f"only the leaf is pinned, which is valid for {round(declared.leaf_lasts_s / DAY_S)} days in all"


def _root(declared: Declaration) -> str:
    return "a root is pinned" if any(one.element is Element.ROOT for one in declared.pins) else ""


def _match_nothing(seen: Seen) -> list[Told]:
    found = []
    for one, declared in _pinned(seen):
        if declared.standing in _BREAKING and declared.chain_whole and not any(pin.element for pin in declared.pins):
            text, level = f"{pins_words(declared)}, none of the served chain", Level.ERROR
            if any(s.id == "control_worked" and s.state is State.PRESENT for s in one.judgement.signals):
                # Whoever connects does not heed them, or builds another path, such as one to a cross-signed root.
                text, level = f"{text}, and yet relayed connections work", Level.WARNING
            found.append(Told(judged=one, text=text, level=level))
    return found


def _sha1(seen: Seen) -> list[Told]:
    weak = [pin for pin in seen.app.code_pins if pin.algorithm == "sha1"] if seen.app is not None else []
    return [Told(text=f"{count} in {where}") for where, count in Counter(pin.where for pin in weak).items()]


def useless(pin: str) -> str:
    """Why a pin protects nothing; empty for any other."""
    if pin == _OF_NOTHING:
        return "the hash of nothing"
    if pin in _EXAMPLES:
        return "an example of some documentation"
    try:
        digest = base64.b64decode(pin, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return "one byte again and again" if digest and len(set(digest)) == 1 else ""


def _useless(seen: Seen) -> list[Told]:
    if seen.app is None:
        return []
    found: dict[str, None] = {}
    for one in seen.app.pin_sets:
        found.update({f"{one.domain}: {pin} is {why}": None for pin in one.pins if (why := useless(pin))})
        twice = {pin for pin in one.pins if one.pins.count(pin) > 1}
        found.update({f"{one.domain}: {pin} stands there twice": None for pin in sorted(twice)})
    for pin in seen.app.code_pins:
        if why := useless(pin.pin):
            found[f"{pin.where}: {pin.pin} is {why}"] = None
    return [Told(text=text) for text in found]


EXPIRES = Check(
    id="PIN-201",
    level=Level.ERROR,
    title="A pin set has expired, or soon will",
    why="From that day on Android ignores the pins and trusts like any other app, without a word.",
    remedy="Ship a new date with current pins, well before the old one.",
    references=("MASVS-NETWORK-2", "MASWE-0028", "MASTG-TEST-0243"),
    find=_expiring,
)
NO_BACKUP = Check(
    id="PIN-202",
    level=Level.WARNING,
    title="There is no backup pin",
    why="When the pinned key is lost or replaced, every installed copy of the app stops working.",
    remedy="Add the pin of a key that is in no chain yet, and keep that key offline (RFC 7469, section 4.3).",
    references=("MASVS-NETWORK-2", "MASWE-0028"),
    find=_each(_no_backup),
)
LEAF_ONLY = Check(
    id="PIN-203",
    level=Level.WARNING,
    title="Only a short-lived leaf is pinned",
    why="Such a leaf is renewed by a machine, often with a new key: then the app stops working.",
    remedy="Pin the intermediate CA as well, or keep the key when the certificate is renewed.",
    references=("MASVS-NETWORK-2", "MASWE-0028"),
    find=_each(_leaf_only),
)
ROOT_PINNED = Check(
    id="PIN-204",
    level=Level.NOTE,
    title="A root is pinned",
    why="Any certificate of that CA and of all CAs below it passes.",
    remedy="Pin the intermediate or the leaf, plus a backup.",
    references=("MASVS-NETWORK-2", "MASWE-0028"),
    find=_each(_root),
)
MATCHES_NOTHING = Check(
    id="PIN-205",
    level=Level.ERROR,
    title="No declared pin matches the chain that is served",
    why="Every client that heeds these pins refuses the real server.",
    remedy="Update the pins, or find out who serves that chain.",
    references=("MASVS-NETWORK-2", "MASWE-0028"),
    find=_match_nothing,
)
SHA1 = Check(
    id="PIN-207",
    level=Level.NOTE,
    title="SHA-1 pins",
    why="SHA-1 is broken for collisions, and newer releases of libraries warn of such pins or drop them.",
    remedy="Use SHA-256.",
    references=("MASVS-NETWORK-2",),
    find=_sha1,
)
USELESS = Check(
    id="PIN-212",
    level=Level.WARNING,
    title="Pins that protect nothing",
    why="An example value, the hash of nothing or the same pin twice stands where a pin or its backup should.",
    remedy="Replace it by the pin of a key that you hold.",
    references=("MASVS-NETWORK-2", "MASWE-0028"),
    find=_useless,
)
