"""The pin set worth shipping, as people read it: on the page, in a row's drawer, and beside the command's output. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pinprobe.advice import (
    CAUTIONS,
    IN_SHORT,
    SNIPPETS,
    Advice,
    Pin,
    PinSet,
    advise,
    issued_by,
)
from pinprobe.report.model import EndpointReport, Report
from pinprobe.report.safe_text import NAME_LIMIT, safe_text, shortened
from pinprobe.report.served import served_by_endpoint, served_of

DOMAINS_SHOWN = 20
HOSTS_NAMED = 6
SUBJECT_LIMIT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SnippetView:
    """One form, line by line."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PinsView:
    """The page's part on pins."""

    sentence: str
    snippets: tuple[SnippetView, ...]
    """None where no pin set can be made."""
    warnings: tuple[str, ...]
    left_out: int
    """Domains that are not on the page."""


def pins_of(report: Report) -> PinsView | None:
    """For the developer's own hosts; None where none is known to be one."""
    hosts = served_of(report)
    if not hosts.first_party:
        return None
    advice = advise(hosts.served, made_s=hosts.made_s, own=hosts.own, asked=frozenset(hosts.first_party))
    shown, left_out = _first(advice.sets)
    return PinsView(
        sentence=_sentence(advice),
        snippets=tuple(
            SnippetView(title=one.title, lines=tuple(one.render(shown).splitlines())) for one in SNIPPETS if shown
        ),
        warnings=tuple(warnings_of(advice)),
        left_out=left_out,
    )


def pin_line(endpoint: EndpointReport) -> str:
    """What a first-party endpoint's row says of it; empty for others."""
    if not endpoint.owner.first_party:
        return ""
    issued = issued_by(served_by_endpoint(endpoint).chains)
    if issued.why_not:
        return f"Not to be pinned yet: {issued.why_not}."
    return f"Worth pinning: the key of {' or '.join(map(_short, issued.issuers))}, and a backup. {IN_SHORT}"


def warnings_of(advice: Advice) -> list[str]:
    """What to think of before it is shipped: what was seen first, then what nobody can see."""
    said = [f"{safe_text(one.host, NAME_LIMIT)}: no pins: {one.why}." for one in advice.refused[:HOSTS_NAMED]]
    if (more := len(advice.refused) - HOSTS_NAMED) > 0:
        said.append(f"{more} more hosts have no pins.")
    usable = sum(len(domain.hosts) for pins in advice.sets for domain in pins.domains)
    for one in advice.warned:
        where = "all of these hosts" if len(one.hosts) == usable > 1 else _names(one.hosts)
        said.append(f"{_capital(one.caution.when)} ({where}). {one.caution.says}")
    return said + [f"If {one.when}: {_small(one.says)}" for one in CAUTIONS if one.applies is None and advice.sets]


def _sentence(advice: Advice) -> str:
    count = sum(len(domain.hosts) for pins in advice.sets for domain in pins.domains)
    if not count:
        return "No pin set can be made of what the first-party hosts served."
    days = sorted({pins.ends_on for pins in advice.sets})
    backup = "with a backup" if all(pins.backups for pins in advice.sets) else "with no backup yet for some"
    return (
        f"For {count} first-party host{'' if count == 1 else 's'}: the key of the CA that issues the certificates, "
        f"{backup}, until {days[0]}{f' at the earliest and {days[-1]} at the latest' if len(days) > 1 else ''}. Most apps "
        "need no pins; these are for those that must."
    )


def _first(sets: Sequence[PinSet]) -> tuple[list[PinSet], int]:
    """As many domains as the page has room for, and how many are left out."""
    shown: list[PinSet] = []
    room = DOMAINS_SHOWN
    for pins in sets:
        if room > 0:
            shown.append(replace(pins, domains=pins.domains[:room]))
        room -= len(pins.domains)
    return shown, max(0, -room)


def _short(pin: Pin) -> str:
    return shortened(pin.subject, SUBJECT_LIMIT)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _names(hosts: Sequence[str]) -> str:
    more = len(hosts) - HOSTS_NAMED
    named = ", ".join(safe_text(host, NAME_LIMIT) for host in hosts[:HOSTS_NAMED])
    return named + (f" and {more} more" if more > 0 else "")
