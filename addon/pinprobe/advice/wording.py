"""What the snippets say in their comments: the same words in every form, and nothing that could end a comment."""

import re
import textwrap

from pinprobe.advice.expiry import day_of
from pinprobe.advice.pin import Pin, Role
from pinprobe.advice.pinset import Domain, PinSet

SUBJECT_LIMIT = 100
HOSTS_NAMED = 6
WIDTH = 100
"""Characters of a comment's line."""

STOPGAP = (
    "It survives a change of the intermediate, not a change of the CA: replace it by a key of your own, kept offline."
)
NO_BACKUP = "THERE IS NO BACKUP: do not ship this before the pin of a second key stands here."

_ODD = re.compile(r"[^A-Za-z0-9 .,:;=+()'/@_-]")
_DASHES = re.compile(r"-(?=-)|-$")


def plain(text: str) -> str:
    """Text that ends no comment of any language: the rarer characters become a question mark, no two hyphens in a row."""
    return _DASHES.sub("_", _ODD.sub("?", text))


def named(subject: str) -> str:
    """A certificate's subject in a comment."""
    shown = plain(subject[:SUBJECT_LIMIT]).strip()
    return shown + (" and so on" if len(subject) > SUBJECT_LIMIT else "")


def pin_words(pin: Pin) -> str:
    """What a pin is."""
    if pin.role is Role.OWN:
        return "Backup: a key of your own, kept offline."
    if pin.role is Role.ROOT:
        return f"Backup, a stopgap: the root {named(pin.subject)}. {STOPGAP}"
    return f"Issues the certificates now: {named(pin.subject)}, valid until {day_of(pin.until_s) or 'an unknown day'}."


def seen_words(domain: Domain) -> str:
    """Which hosts a domain's entry rests on."""
    more = len(domain.hosts) - HOSTS_NAMED
    hosts = ", ".join(domain.hosts[:HOSTS_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"Seen: {hosts}. Names that were not seen are pinned too."


def no_end_words(pins: PinSet) -> str:
    """Where a form knows no end of its own."""
    return f"Nothing ends these pins by itself: ship new ones, or none, before {pins.ends_on}."


def xml_comment(text: str, indent: str) -> list[str]:
    """A comment of XML, wrapped."""
    lines = textwrap.wrap(plain(text), WIDTH, break_on_hyphens=False)
    lines = [f"{indent}<!-- {lines[0]}", *(f"{indent}     {line}" for line in lines[1:])]
    return [*lines[:-1], f"{lines[-1]} -->"]


def code_comment(text: str, indent: str) -> list[str]:
    """A comment of Kotlin, wrapped."""
    return [f"{indent}// {line}" for line in textwrap.wrap(plain(text), WIDTH, break_on_hyphens=False)]
