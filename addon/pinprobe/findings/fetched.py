"""PIN-211: pins are fetched at run time over a connection that can be intercepted."""

from pinprobe.findings.card import Check, Level, Seen, Told
from pinprobe.signals import State

DOCUMENT = "document"
"""Pins that stand in a set of pins by name; others are mere strings of that shape."""


def _fetched(seen: Seen) -> list[Told]:
    found = [
        Told(
            judged=one,
            text=f"{sum(one.pin_material.values())} pins in decrypted answers",
            level=Level.WARNING if DOCUMENT in one.pin_material else Level.NOTE,
        )
        for one in seen.judged
        if sum(one.pin_material.values())
    ]
    if not any(told.level is Level.WARNING for told in found):
        return found
    late = [
        one
        for one in seen.judged
        if any(s.id == "late_enforcement" and s.state is State.PRESENT for s in one.judgement.signals)
    ]
    return found + [
        Told(judged=one, text=f"{one.judgement.reason}, as pins that came meanwhile would have it") for one in late
    ]


FETCHED = Check(
    id="PIN-211",
    level=Level.WARNING,
    title="Pins are fetched over a connection that can be intercepted",
    why="Who is in the middle of that connection chooses the pins: their own pass, and the real server's fail.",
    remedy="Ship first pins with the app for the host that the others come from, or sign the set and check it.",
    references=("MASVS-NETWORK-2", "MASWE-0028", "MASTG-TEST-0244"),
    find=_fetched,
)
