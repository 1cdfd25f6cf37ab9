"""Which packages own a user id, from what `pm list packages -U` prints on the device. Pure."""

import re
from collections.abc import Mapping

UIDS_PER_USER = 100_000
"""Android numbers user ids by user (a work profile is one) times this, plus the app's own."""
PACKAGES_READ = 20_000
_LINE = re.compile(r"package:(?P<package>[A-Za-z0-9_.]{1,255}) uid:(?P<uids>[0-9]{1,10}(?:,[0-9]{1,10})*)")


def read_packages(text: str) -> dict[int, tuple[str, ...]]:
    """By user id, its packages: several where they share one. Lines of another form are left out."""
    found: dict[int, tuple[str, ...]] = {}
    for line in text.splitlines()[:PACKAGES_READ]:
        if (match := _LINE.fullmatch(line.strip())) is not None:
            for uid in map(int, match["uids"].split(",")):
                known = found.get(uid, ())
                if match["package"] not in known:
                    found[uid] = (*known, match["package"])
    return found


def packages_of(uid: int, known: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    """The packages that may own a socket of this user id; the same app of another user is the same app."""
    return known.get(uid) or known.get(uid % UIDS_PER_USER, ())
