"""What a client says it did, in a few words that can be counted. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from standin.clients import Attempt

ANSWERED = "got an answer"
REFUSED_WITHIN = "refused in the handshake"
REFUSED_AFTER = "refused after it"
CLEARTEXT = "asked in cleartext"
FAILED = "failed otherwise"

ORDER = (ANSWERED, REFUSED_WITHIN, REFUSED_AFTER, CLEARTEXT, FAILED)


def deeds(attempts: Iterable[Attempt]) -> Mapping[str, int]:
    """How often each kind of thing happened, by the client's own word; a fallback counts beside its refusal."""
    found: Counter[str] = Counter()
    for attempt in attempts:
        if attempt.result == "response":
            found[ANSWERED] += 1
        elif attempt.result == "refused":
            found[REFUSED_AFTER if attempt.stage == "check" else REFUSED_WITHIN] += 1
            found[CLEARTEXT] += "fallback" in attempt.more
        else:
            found[FAILED] += 1
    return +found


def in_words(found: Mapping[str, int]) -> str:
    """One phrase, zeros left out."""
    return ", ".join(f"{found[deed]} {deed}" for deed in ORDER if found.get(deed)) or "nothing"
