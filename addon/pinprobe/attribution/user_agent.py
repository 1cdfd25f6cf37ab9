"""The user agent of a decrypted request, where it names an app.

Rests on an app that puts its package id first (`com.example.app/1.2 ...`; Android's own `Dalvik/...` does not), or on
`pinprobe_user_agents`, patterns of user agents. Any client can say anything; and a request comes after the outcome of its
connection, while refusals have none at all. An app's accepts without its refusals would be a wrong verdict, so this
source is a note beside connections that nothing else named, and never evidence. Of the user agent nothing is kept.
"""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from pinprobe.attribution.source import Source

SOURCE = Source(
    id="user_agent",
    title="user agents (a note, never evidence)",
    rests_on="a package id at the beginning of a decrypted request's user agent, or `pinprobe_user_agents`",
    sure="a hint: anybody can say anything, and refusals carry none, so verdicts leave it out",
)

LONGEST = 1000
"""Characters of a user agent that are looked at."""
LONGEST_ID = 200
_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*){2,}")
"""Three parts or more: two would be a host name as often."""


def named_by(user_agent: str, patterns: Sequence[tuple[str, str]]) -> str | None:
    """The app that a user agent names: by the user's patterns (with `*`), else by a package id before the first `/`."""
    text = user_agent[:LONGEST]
    for pattern, app_id in patterns:
        if fnmatchcase(text, pattern):
            return app_id
    product = text.partition("/")[0].strip()
    return product if len(product) <= LONGEST_ID and _PACKAGE.fullmatch(product) else None
