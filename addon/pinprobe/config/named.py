"""Options that name an app for something else: KEY=APP, each key once."""

from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address

from pinprobe.config.tree import ConfigError

LONGEST_APP = 200
LONGEST_PATTERN = 200
ENTRIES = 256
"""More apps than anybody tests at once."""


def word(text: str, longest: int) -> str:
    """The user's own word, without what a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)[:longest].strip()


def named_apps(option: str, entries: Iterable[str]) -> dict[str, str]:
    """What stands before the last `=`, in its plain form, and the app behind it. Raises `ConfigError`."""
    plain, example = KINDS[option]
    found: dict[str, str] = {}
    for entry in entries:
        before, _, after = entry.rpartition("=")
        key, app = plain(before.strip()), word(after, LONGEST_APP)
        if key is None or not app:
            raise ConfigError(f"{option}={entry!r}: write {example}.")
        if found.setdefault(key, app) != app:
            raise ConfigError(f"{option}={entry!r}: this one is named for {found[key]} already; give each one app.")
        if len(found) > ENTRIES:
            raise ConfigError(f"{option}: no more than {ENTRIES} of them.")
    return found


def _port(text: str) -> str | None:
    is_port = text.isascii() and text.isdecimal() and len(text) <= 5 and 1 <= int(text) <= 65535
    return str(int(text)) if is_port else None


def _address(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def _pattern(text: str) -> str | None:
    return text if text.strip("* ") and len(text) <= LONGEST_PATTERN else None


KINDS: Mapping[str, tuple[Callable[[str], str | None], str]] = {
    "pinprobe_listeners": (_port, "a port and an app, such as 51820=com.example.app"),
    "pinprobe_clients": (_address, "an address and an app, such as 192.0.2.7=com.example.app"),
    "pinprobe_user_agents": (_pattern, "a pattern and an app, such as ExampleApp/*=com.example.app"),
}
"""By option: the plain form of its keys (None for what is none), and how an entry looks."""
