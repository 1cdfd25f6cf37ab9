"""Whether a request was seen before, known by a keyed hash in memory alone: what was sent is kept nowhere."""

import hashlib
import secrets
from collections import OrderedDict

KEPT = 4096
"""Exchanges remembered; the oldest goes first."""
BODY_COMPARED = 65536
"""Bytes of a body that are compared, beside its length."""


class Exchanges:
    """Remembers which connection of which client made a request first."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._seen: OrderedDict[bytes, int] = OrderedDict()
        self._refused: set[int] = set()

    def refused(self, client: int) -> None:
        """This client refused a certificate: from now on its repetitions are worth telling."""
        if len(self._refused) < KEPT:
            self._refused.add(client)

    def earlier(self, client: int, connection_id: int, method: str, path: str, body: bytes) -> int | None:
        """The first connection that made the same request, of a client that refuses; None where there is none."""
        digest = hashlib.blake2b(key=self._key, digest_size=16)
        for part in (str(client), method, path, str(len(body))):
            digest.update(part.encode("utf-8", "surrogateescape") + b"\n")
        digest.update(body[:BODY_COMPARED])
        known = digest.digest()
        first = self._seen.pop(known, connection_id)
        self._seen[known] = first  # used last, forgotten last
        if len(self._seen) > KEPT:
            self._seen.popitem(last=False)
        return first if first != connection_id and client in self._refused else None
