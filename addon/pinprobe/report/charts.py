"""All drawings, as inline SVG: icons, the verdict bar, the outcome strip, the timeline. Pure.

They are made of numbers and of names of our own, never of anybody's text, so that a page may take them as they
are. Each is decoration beside the same facts in words; colours come from the style sheet by class.
"""

from collections.abc import Sequence

_DISC = "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z"
_LOCK = "M4 7V5a4 4 0 0 1 8 0v2h1v8H3V7zM6 7h4V5a2 2 0 0 0-4 0z"
ICONS: dict[str, str] = {
    "untrusted": "M5 1h6l4 4v6l-4 4H5l-4-4V5zM7 4h2l-.3 5H7.3zM7.1 10.4h1.8v1.8H7.1z",
    "suspicious": "M8 1 15.6 14.6H.4zM7.1 6h1.8l-.3 4.4H7.4zM7.1 11.3h1.8V13H7.1z",
    "unproven": f"{_LOCK}M5 9v4h6V9z",
    "pinned": _LOCK,
    "inconclusive": f"{_DISC}M5.4 6.1a2.6 2.6 0 1 1 3.5 2.4v1H7.1V7.2C8.3 7.1 9 6.8 9 6.1a1 1 0 0 0-2 0z"
    "M7.1 10.5h1.8v1.8H7.1z",
    "unpinned": "M1 7h6V5a4 4 0 0 1 8 0v2h-2V5a2 2 0 0 0-4 0v2h2v8H1z",
    "not_tested": f"{_DISC}M8 3a5 5 0 1 1 0 10A5 5 0 0 1 8 3zM5 7.1h6v1.8H5z",
}
"""One shape per face, on a field of 16 by 16: told apart without colour."""

HATCHED = ("unproven", "not_tested")
"""Faces that are drawn hatched, beside a solid one of kindred colour."""
LEAST_SHARE = 0.6
"""Per cent of a bar that even the rarest part gets, so that it can be seen."""


def icons() -> str:
    """The shapes and hatchings, defined once per page."""
    symbols = "".join(
        f'<symbol id="i-{name}" viewBox="0 0 16 16"><path fill-rule="evenodd" d="{path}"/></symbol>'
        for name, path in ICONS.items()
    )
    patterns = "".join(
        f'<pattern id="h-{name}" class="{name}" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="f" d="M0 0h4v7H0z"/></pattern>'
        for name in HATCHED
    )
    return f'<svg class="vh" aria-hidden="true">{symbols}{patterns}</svg>'


def icon(face_id: str) -> str:
    """A use of one shape."""
    assert face_id in ICONS
    return f"<svg class=i aria-hidden=true><use href=#i-{face_id} /></svg>"


def verdict_bar(parts: Sequence[tuple[str, int]]) -> str:
    """One bar, a part per face in proportion to its count; empty where nothing was counted."""
    return _bar("bar", [(name, number) for name, number in parts])


def outcome_strip(parts: Sequence[tuple[str, int]]) -> str:
    """One thin bar: how an endpoint's attempts ended, by kind (see `words.KINDS`)."""
    return _bar("strip", [(f"k-{kind}", number) for kind, number in parts])


def timeline(milliseconds: Sequence[int]) -> str:
    """A line with a tick per moment, in proportion to time."""
    last = max(milliseconds, default=0)
    if last <= 0:
        return ""
    ticks = "".join(f"M{max(0, ms) * 100 // last} 0v6" for ms in dict.fromkeys(milliseconds))
    return f'<svg class=t aria-hidden=true><path d="M0 3h100{ticks}"/></svg>'


def _bar(kind: str, parts: Sequence[tuple[str, int]]) -> str:
    shown = [(name, number) for name, number in parts if number > 0]
    total = sum(number for _, number in shown)
    if not total:
        return ""
    shares = [max(LEAST_SHARE, 100 * number / total) for _, number in shown]
    scale = 100 / sum(shares)
    drawn, at = [], 0.0
    for (name, _), share in zip(shown, shares, strict=True):
        width = share * scale
        drawn.append(f'<rect class="{name}" x={at:.4g}% width={width:.4g}% />')
        at += width
    return f"<svg class={kind} aria-hidden=true>{''.join(drawn)}</svg>"
