"""Declared against enforced, in words: what the package says of a host, and what the verdict says of it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from pinprobe import events as ev
from pinprobe.evidence import DECLARED_STANDINGS, DECLARED_WORDS, Declaration, Element, MatchedPin, Standing, unreached
from pinprobe.libraries import BY_ID
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.report.times import day
from pinprobe.signals import State
from pinprobe.verdicts import Confidence, Judgement, Verdict

PINS_SHOWN = 8
NAMES_SHOWN = 12
PIN_LIMIT = 90
DAY_S = 86400.0
_ENOUGH = frozenset({Confidence.PROBABLE, Confidence.CONFIRMED})
_BINDING = frozenset({Standing.IN_FORCE, Standing.EXPIRES_NOW, Standing.PERHAPS_OVERRIDDEN, Standing.REPORT_ONLY})
"""Or may be: TrustKit's report-only pins bind connections that do not go through it."""


class Agreement(StrEnum):
    """What is declared, held against what is enforced."""

    BOTH = "declared and enforced"
    NOT_ENFORCED = "declared, not enforced"
    NOT_DECLARED = "enforced, not declared"
    NEITHER = "neither"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredView:
    """The drawer's section."""

    agreement: Agreement
    words: str
    pins: tuple[tuple[str, str], ...]
    """Each pin, and what it stands for."""
    pins_left_out: int
    beside: tuple[str, ...]


def agreement(declared: Declaration | None, judgement: Judgement) -> Agreement:
    """Which of the five; a failure of unproven cause enforces nothing that is known."""
    if declared is None:
        return Agreement.NOT_KNOWN
    if any(s.id == "declared_but_not_enforced" and s.state is State.PRESENT for s in judgement.signals):
        return Agreement.NOT_ENFORCED
    by_leaf = any(one.element is Element.LEAF for one in declared.code)
    if judgement.verdict is Verdict.PINNED and judgement.confidence in _ENOUGH:
        return Agreement.BOTH if declared.standing in _BINDING or by_leaf else Agreement.NOT_DECLARED
    if judgement.verdict is Verdict.UNPINNED and declared.standing is Standing.NOT_DECLARED:
        return Agreement.NEITHER
    return Agreement.NOT_KNOWN


def declared_view(declared: Declaration | None, judgement: Judgement, at_s: float) -> DeclaredView | None:
    """None where no package was read. `at_s`: as of when days are counted."""
    if declared is None:
        return None
    return DeclaredView(
        agreement=agreement(declared, judgement),
        words=standing_words(declared),
        pins=tuple(
            (safe_text(one.pin, PIN_LIMIT), element_words(one, declared, at_s)) for one in declared.pins[:PINS_SHOWN]
        ),
        pins_left_out=max(0, len(declared.pins) - PINS_SHOWN),
        beside=tuple(_beside(declared)),
    )


def standing_words(declared: Declaration) -> str:
    """What stands in the configuration, and whether it binds."""
    if declared.standing is Standing.NOT_RESOLVED:
        return "The configuration was not resolved for this host."
    config = safe_text(declared.config, NAME_LIMIT)
    if declared.standing not in DECLARED_STANDINGS:
        return f"{config} declares no pins for it."
    until = f", set until {day(declared.expires_s)}" if declared.expires_s is not None else ""
    unreached_because = ", but the proxy's CA is not trusted, so none is reached" if declared.trusted is False else ""
    return f"{config}{until}: pins are {DECLARED_WORDS[declared.standing]}{unreached_because}."


def element_words(one: MatchedPin, declared: Declaration, at_s: float) -> str:
    """The element of the real chain, and for how long; or that there is none."""
    if one.element is not None and one.not_after_s is not None:
        left = int((one.not_after_s - at_s) / DAY_S)
        return f"{one.element.value}, valid until {day(one.not_after_s)}" + (
            f" ({left} days)" if 0 <= left < 1e6 else ""
        )
    if not declared.chain_seen:
        return "the real chain was not seen"
    return "none of the served chain" if declared.chain_whole else "none of what is known of the served chain"


def _beside(declared: Declaration) -> list[str]:
    said = [
        f"a pin in {safe_text(one.where, NAME_LIMIT)} is that of the {one.element.value}"
        for one in declared.code[:PINS_SHOWN]
    ]
    if declared.chain_seen and declared.standing in DECLARED_STANDINGS:
        spare = len({one.pin for one in declared.pins}) > 1 and any(one.element is None for one in declared.pins)
        said.append("a backup pin, which matches nothing served now" if spare else "no backup pin")
    if declared.anchors:
        said.append(f"trust anchors: {', '.join(safe_text(one, PIN_LIMIT) for one in declared.anchors[:PINS_SHOWN])}")
    if declared.overrides:
        said.append(f"overridePins: {', '.join(safe_text(one, PIN_LIMIT) for one in declared.overrides[:PINS_SHOWN])}")
    if declared.ct in {"on", "off"}:
        said.append(f"Certificate Transparency {declared.ct}")
    if declared.cleartext:
        said.append("cleartext permitted")
    return said


def app_words(app: ev.AppDeclared) -> str:
    """Version and kind of build, for the run's line."""
    version = f" {safe_text(app.version_name, NAME_LIMIT)}" if app.version_name else ""
    return f"{safe_text(app.package, NAME_LIMIT)}{version}" + (", debuggable" if app.debuggable else "")


def app_facts(app: ev.AppDeclared | None, hosts: list[str]) -> tuple[tuple[str, str], ...]:
    """What the package says, for the page's facts."""
    if app is None:
        return ()
    sdks = f"{'–' if app.min_sdk is None else app.min_sdk} to {'–' if app.target_sdk is None else app.target_sdk}"
    found = [BY_ID[id].title if id in BY_ID else safe_text(id, 40) for id in app.libraries]
    missed = [one.domain for one in unreached(app, hosts)]
    return (
        ("package", f"{app_words(app)} ({'no version code' if app.version_code is None else app.version_code})"),
        ("SDK, least to target", sdks),
        ("debuggable", "yes" if app.debuggable else "no"),
        ("Network Security Config", safe_text(app.nsc, NAME_LIMIT) or "none"),
        (
            "trusts user-added CAs",
            "yes" if app.user_cas else "only in debuggable builds" if app.debug_user_cas else "no",
        ),
        ("permits cleartext", "yes" if app.cleartext else "no"),
        ("libraries", some(found) or "none known"),
        ("pins declared, host never contacted", some(missed) or "none"),
        ("APK (SHA-256)", safe_text(app.apk_sha256, 80)),
    )


def some(names: list[str]) -> str:
    """A few of them, and the number of the others."""
    shown = ", ".join(safe_text(name, NAME_LIMIT) for name in names[:NAMES_SHOWN])
    return shown + (f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else "")
