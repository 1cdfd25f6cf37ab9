"""Read a relayed TLS connection by its record types and lengths alone: did it work, or did the client refuse? Pure.

RFC 8446, section 5.1: type, two bytes of version, two of length. After the handshake nothing else is visible, and
nothing else is needed: an encrypted Finished and an encrypted alert differ in length, and data follows data.
"""

from dataclasses import dataclass, field

from pinprobe.mitm.fingerprint import version_name

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23
KEPT = 8
"""Records shown each way."""
ALERT_LENGTHS_TLS13 = frozenset({19, 35})
"""Of an encrypted alert: two bytes, the content type, the tag; JSSE pads it (measured)."""
OVERHEAD_TLS12, OVERHEAD_TLS13 = 24, 17
"""Bytes of an AES-GCM record that are no data: RFC 5288 (nonce and tag), RFC 8446 (type and tag)."""
FINISHED_TLS13, FINISHED_SHA384_TLS13 = 53, 69
"""Of an encrypted Finished: four bytes, the hash, the content type, the tag (RFC 8446, section 4.4.4)."""
AES_256_GCM_SHA384_TLS13 = 0x1302
PADDING_JSSE = 16
"""JSSE pads every record of TLS 1.3 by so much (measured); its Finished shows that it does."""
OVERHEAD_CBC = 80
"""At most, of TLS 1.2 with CBC: an IV, a MAC of up to 48 bytes, padding (RFC 5246, section 6.2.3.2)."""
LONGEST_SPECIAL = max(OVERHEAD_CBC, *ALERT_LENGTHS_TLS13)
"""A longer record of a connection that works holds data: it is no alert, and more than its overhead."""
AEADS = ((0x009C, 0x00A7), (0xC02B, 0xC032), (0xC09C, 0xC0AF), (0xCCA8, 0xCCAE))
"""Ranges of TLS 1.2 cipher suites with AES-GCM, AES-CCM and ChaCha20-Poly1305 (RFC 5288, 5289, 6655, 7905)."""
LARGEST_RECORD = 5 + (1 << 14)
"""RFC 8446, section 5.1, with its header."""
SERVER_HELLO = 2
SUPPORTED_VERSIONS = 43
CERTIFICATE_FLIGHT = 3
"""Server records from which on the client has seen enough to judge: fewer may be a hello alone."""


@dataclass(slots=True)
class _Way:
    """The records of one direction, split across segments as they come."""

    header: bytearray = field(default_factory=bytearray)
    left: int = 0
    shown: list[str] = field(default_factory=list)
    settled: bool = False
    """The connection works, and all is shown that will be: what follows is only counted."""

    def feed(self, data: bytes) -> list[tuple[int, int]]:
        """The records that begin in this segment, as (type, length)."""
        found = []
        at = 0
        while at < len(data):
            if self.left:
                step = min(self.left, len(data) - at)
                self.left -= step
                at += step
                continue
            need = 5 - len(self.header)
            self.header += data[at : at + need]
            at += need
            if len(self.header) == 5:
                kind, length = self.header[0], int.from_bytes(self.header[3:5], "big")
                self.header.clear()
                self.left = length
                found.append((kind, length))
                self._show(kind, length)
        return found

    def _show(self, kind: int, length: int) -> None:
        if len(self.shown) < KEPT:
            self.shown.append(f"{kind}:{length}")


class RelayedRecords:
    """Watches both directions of one relayed connection."""

    def __init__(self) -> None:
        self.client = _Way()
        self.server = _Way()
        self.tls_version: str | None = None
        self.worked = False
        self._hello = bytearray()
        """The server's first bytes, until its hello is whole."""
        self._hello_over = False
        """Read, or none and never going to be one."""
        self._server_records = 0
        self._client_encrypted = 0
        """Encrypted records from the client: in TLS 1.3 the first is its Finished, or an alert."""
        self._client_data = False
        self.client_payload = 0
        """Application bytes from the client, never estimated too high: a record's length without nonce, type and tag."""
        self.server_bytes = 0
        """Bytes from the server, encrypted as they were."""
        self._overhead = OVERHEAD_TLS12
        self._finished = FINISHED_TLS13
        """Length of the client's record with it, unpadded."""
        self._client_alert = False
        self._changed = False

    def feed(self, data: bytes, *, from_client: bool) -> bool:
        """Take a segment; True when it is the one that shows that the connection works."""
        if self.only_counts(data, from_client):
            return False
        if from_client:
            for kind, length in self.client.feed(data):
                self._client_record(kind, length)
            self.client.settled = self.worked and len(self.client.shown) == KEPT
            return False
        self.server_bytes += len(data)
        self._read_server_hello(data)
        works = False
        for kind, _ in self.server.feed(data):
            self._server_records += 1
            works |= kind == APPLICATION_DATA and self._client_data
        first = works and not self.worked
        self.worked |= works
        self.server.settled = self.worked and len(self.server.shown) == KEPT
        return first

    def only_counts(self, data: bytes, from_client: bool) -> bool:
        """Count a segment that can say nothing new, as most of a connection that works; else do nothing: False."""
        # Without another call, and for a record that is data and nothing else: it is done for each segment.
        if not from_client:
            if not self.server.settled:
                return False
            self.server_bytes += len(data)
            return True
        way, length = self.client, len(data) - 5
        if (
            not way.settled
            or way.left
            or way.header
            or length <= LONGEST_SPECIAL
            or data[0] != APPLICATION_DATA
            or data[3] << 8 | data[4] != length
        ):
            return False
        self.client_payload += length - self._overhead
        return True

    def verdict(self) -> bool | None:
        """At the end: True worked, False the client refused, None it ended too early to tell."""
        if self.worked:
            return True
        if self._client_encrypted and not self._client_alert:
            return None  # a spare socket: it finished the handshake and never spoke
        judged = self._client_alert or self._server_records >= CERTIFICATE_FLIGHT
        return False if judged else None

    def _client_record(self, kind: int, length: int) -> None:
        if kind == ALERT:
            self._client_alert = True
        elif kind == CHANGE_CIPHER_SPEC:
            self._changed = True
        elif self.tls_version is None:
            return  # early data, or a hello: the server has not chosen anything yet
        elif self.tls_version == "TLSv1.3":
            # Not the second hello, which answers a HelloRetryRequest.
            if kind == APPLICATION_DATA:
                self._client_encrypted_record(length)
        elif kind == HANDSHAKE and self._changed:
            self._client_encrypted += 1  # TLS 1.2: the Finished
        elif kind == APPLICATION_DATA:
            self._client_data = True
            self.client_payload += max(0, length - self._overhead)

    def _client_encrypted_record(self, length: int) -> None:
        """TLS 1.3: the first is the Finished or an alert, the rest are data or alerts."""
        self._client_encrypted += 1
        if self._client_encrypted == 1 and length == self._finished + PADDING_JSSE:
            self._overhead = OVERHEAD_TLS13 + PADDING_JSSE
        if length in ALERT_LENGTHS_TLS13:
            self._client_alert = True
        elif self._client_encrypted > 1:
            self._client_data = True
            self.client_payload += max(0, length - self._overhead)

    def _read_server_hello(self, data: bytes) -> None:
        """TLS 1.3 is known by the supported_versions extension of the ServerHello (RFC 8446, section 4.2.1)."""
        if self._hello_over:
            return
        # Looked at once, when it is whole, and never beyond its record: however the bytes are cut, it is the same.
        self._hello += data[: LARGEST_RECORD - len(self._hello)]
        if len(self._hello) < _whole_hello(self._hello):
            return
        self._hello_over = True
        chosen = chosen_by_server(bytes(self._hello))
        if chosen is not None:
            self.tls_version, cipher = chosen
            if self.tls_version == "TLSv1.3":
                self._overhead = OVERHEAD_TLS13
                sha384 = cipher == AES_256_GCM_SHA384_TLS13
                self._finished = FINISHED_SHA384_TLS13 if sha384 else FINISHED_TLS13
            elif not any(first <= cipher <= last for first, last in AEADS):
                self._overhead = OVERHEAD_CBC
        self._hello.clear()


def _whole_hello(data: bytearray) -> int:
    """Bytes after which all is there, or nothing to wait for."""
    if data[:1] not in (b"", bytes([HANDSHAKE])):
        return 0
    if len(data) < 9:
        return 9
    record, message = int.from_bytes(data[3:5], "big"), int.from_bytes(data[6:9], "big")
    return min(5 + record, 9 + message, LARGEST_RECORD)


def chosen_by_server(data: bytes) -> tuple[str, int] | None:
    """The TLS version and cipher suite that a ServerHello chose; None while it is incomplete or not one."""
    if len(data) < 5 or data[0] != HANDSHAKE:
        return None
    body = data[5 : 5 + int.from_bytes(data[3:5], "big")]
    if len(body) < 4 or body[0] != SERVER_HELLO:
        return None
    length = int.from_bytes(body[1:4], "big")
    hello = body[4 : 4 + length]
    if len(hello) < length or length < 38:
        return None
    version = int.from_bytes(hello[:2], "big")
    cipher = int.from_bytes(hello[35 + hello[34] : 37 + hello[34]], "big")
    at = 35 + hello[34] + 3  # legacy_version, random, session id, cipher suite, compression
    end = at + 2 + int.from_bytes(hello[at : at + 2], "big")
    at += 2
    while at + 4 <= min(end, len(hello)):
        kind, size = int.from_bytes(hello[at : at + 2], "big"), int.from_bytes(hello[at + 2 : at + 4], "big")
        if kind == SUPPORTED_VERSIONS:
            version = int.from_bytes(hello[at + 4 : at + 6], "big")
        at += 4 + size
    return version_name(version), cipher
