"""Relayed connections, byte by byte: worked, failed or unclear, from record types and lengths alone.

Lengths as measured on real clients: a TLS 1.3 Finished is 53 or 69 bytes (JSSE 85), an alert 19 (JSSE 35).
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinprobe.mitm.records import KEPT, OVERHEAD_CBC, RelayedRecords, chosen_by_server

CCS, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
Segment = tuple[str, bytes]
"""Who sends, and what."""


def record(kind: int, length: int = 0, payload: bytes | None = None) -> bytes:
    body = bytes(length) if payload is None else payload
    return bytes([kind, 3, 3]) + len(body).to_bytes(2, "big") + body


def server_hello(version: int, *, extensions: bytes = b"", session_id: int = 32, cipher: int = 0xC02F) -> bytes:
    """A ServerHello (RFC 8446, section 4.1.3) that chooses this version; a HelloRetryRequest looks the same."""
    if version == 0x0304:
        extensions += bytes.fromhex("002b00020304")
    legacy = min(version, 0x0303).to_bytes(2, "big")
    body = legacy + bytes(32) + bytes([session_id]) + bytes(session_id) + cipher.to_bytes(2, "big") + b"\x00"
    if extensions:
        body += len(extensions).to_bytes(2, "big") + extensions
    return record(HANDSHAKE, payload=b"\x02" + len(body).to_bytes(3, "big") + body)


def client(*records: tuple[int, int]) -> Segment:
    return "client", b"".join(record(kind, length) for kind, length in records)


def server(*records: tuple[int, int], hello: int | None = None) -> Segment:
    start = server_hello(hello) if hello is not None else b""
    return "server", start + b"".join(record(kind, length) for kind, length in records)


HELLO = client((HANDSHAKE, 517))
FLIGHT13 = server((CCS, 1), (DATA, 32), (DATA, 2500), (DATA, 280), (DATA, 53), hello=0x0304)
RETRY = server((CCS, 1), hello=0x0304)
FLIGHT_AFTER_RETRY = server((DATA, 32), (DATA, 2500), (DATA, 280), (DATA, 53), hello=0x0304)
FINISHED13 = client((CCS, 1), (DATA, 53))
TICKETS = server((DATA, 250), (DATA, 250))
FLIGHT12 = server((HANDSHAKE, 2500), (HANDSHAKE, 300), (HANDSHAKE, 4), hello=0x0303)
FINISHED12 = client((HANDSHAKE, 37), (CCS, 1), (HANDSHAKE, 40))
SERVER_FINISHED12 = server((HANDSHAKE, 186), (CCS, 1), (HANDSHAKE, 40))
ASKS, ANSWERS = client((DATA, 120)), server((DATA, 900))

FLOWS: dict[str, tuple[list[Segment], bool | None]] = {
    # -- TLS 1.3
    "1.3 worked": ([HELLO, FLIGHT13, FINISHED13, ASKS, TICKETS, ANSWERS], True),
    "1.3 worked, request with the Finished": (
        [HELLO, FLIGHT13, client((CCS, 1), (DATA, 69), (DATA, 90)), ANSWERS],
        True,
    ),
    "1.3 worked, without compatibility records": (
        [HELLO, server((DATA, 32), (DATA, 3000), hello=0x0304), client((DATA, 85)), ASKS, ANSWERS],
        True,
    ),
    "1.3 asked, and never answered": ([HELLO, FLIGHT13, FINISHED13, ASKS], None),
    "1.3 only tickets came back before it asked": ([HELLO, FLIGHT13, FINISHED13, TICKETS, ASKS], None),
    "1.3 refused by alert": ([HELLO, FLIGHT13, client((CCS, 1), (DATA, 19))], False),
    "1.3 refused by JSSE's padded alert": ([HELLO, FLIGHT13, client((CCS, 1), (DATA, 35))], False),
    "1.3 refused by a plaintext alert": ([HELLO, FLIGHT13, client((ALERT, 2))], False),
    "1.3 closed without a word after the certificate": ([HELLO, FLIGHT13], False),
    "1.3 closed without a word after a flight in one record": (
        [HELLO, server((CCS, 1), (DATA, 3000), hello=0x0304)],
        False,
    ),
    "1.3 closed before any answer": ([HELLO], None),
    "1.3 closed after a hello alone": ([HELLO, server(hello=0x0304)], None),
    "1.3 a spare socket": ([HELLO, FLIGHT13, FINISHED13, TICKETS], None),
    "1.3 close_notify after the Finished, as a pin does": (
        [HELLO, FLIGHT13, client((CCS, 1), (DATA, 53), (DATA, 19)), TICKETS],
        False,
    ),
    "1.3 JSSE's user_canceled and close_notify": (
        [HELLO, FLIGHT13, client((CCS, 1), (DATA, 85), (DATA, 35), (DATA, 35)), TICKETS],
        False,
    ),
    # -- TLS 1.3 with a HelloRetryRequest: the second ClientHello follows a ChangeCipherSpec
    "retry, worked": (
        [HELLO, RETRY, client((CCS, 1), (HANDSHAKE, 550)), FLIGHT_AFTER_RETRY, client((DATA, 53)), ASKS, ANSWERS],
        True,
    ),
    "retry, refused by alert": (
        [HELLO, RETRY, client((CCS, 1), (HANDSHAKE, 550)), FLIGHT_AFTER_RETRY, client((DATA, 19))],
        False,
    ),
    "retry, closed without a word after the certificate": (
        [HELLO, RETRY, client((CCS, 1), (HANDSHAKE, 550)), FLIGHT_AFTER_RETRY],
        False,
    ),
    "retry, and no second hello": ([HELLO, RETRY], None),
    "retry, a spare socket": (
        [HELLO, RETRY, client((CCS, 1), (HANDSHAKE, 550)), FLIGHT_AFTER_RETRY, client((DATA, 53)), TICKETS],
        None,
    ),
    # -- TLS 1.3 with early data (RFC 8446, section 2.3)
    "early data, worked": (
        [client((HANDSHAKE, 650), (CCS, 1), (DATA, 200)), FLIGHT13, client((DATA, 21), (DATA, 53)), ASKS, ANSWERS],
        True,
    ),
    "early data declined, then refused by alert": (
        [client((HANDSHAKE, 650), (CCS, 1), (DATA, 200)), FLIGHT13, client((DATA, 19))],
        False,
    ),
    # -- TLS 1.2
    "1.2 worked": ([HELLO, FLIGHT12, FINISHED12, SERVER_FINISHED12, ASKS, ANSWERS], True),
    "1.2 worked, resumed": (
        [HELLO, server((CCS, 1), (HANDSHAKE, 40), hello=0x0303), client((CCS, 1), (HANDSHAKE, 40)), ASKS, ANSWERS],
        True,
    ),
    "1.2 worked, then close_notify": (
        [HELLO, FLIGHT12, FINISHED12, SERVER_FINISHED12, ASKS, ANSWERS, client((ALERT, 26))],
        True,
    ),
    "1.2 refused by alert": ([HELLO, FLIGHT12, client((ALERT, 2))], False),
    "1.2 closed without a word after the certificate": ([HELLO, FLIGHT12], False),
    "1.2 a spare socket": ([HELLO, FLIGHT12, FINISHED12, SERVER_FINISHED12], None),
    "1.2 close_notify after the Finished, as a pin does": (
        [HELLO, FLIGHT12, FINISHED12, SERVER_FINISHED12, client((ALERT, 26))],
        False,
    ),
    "1.2 asked, and never answered": ([HELLO, FLIGHT12, FINISHED12, SERVER_FINISHED12, ASKS], None),
    # -- neither
    "the server refuses": ([HELLO, server((ALERT, 2))], None),
    "nothing": ([], None),
}


def watch(segments: list[Segment]) -> tuple[RelayedRecords, int]:
    """What was seen, and how often it was said to work."""
    seen = RelayedRecords()
    said = sum(seen.feed(data, from_client=who == "client") for who, data in segments)
    return seen, said


@pytest.mark.parametrize(("segments", "verdict"), FLOWS.values(), ids=FLOWS.keys())
def test_verdicts(segments: list[Segment], verdict: bool | None) -> None:
    seen, said = watch(segments)
    assert seen.verdict() is verdict
    assert said == (verdict is True), "it is said once, at the segment that shows it"


@pytest.mark.parametrize("name", [name for name in FLOWS if name != "nothing"])
@settings(max_examples=25)
@given(data=st.data())
def test_how_tcp_cuts_the_bytes_is_nothing(name: str, data: st.DataObject) -> None:
    segments, verdict = FLOWS[name]
    pieces: list[Segment] = []
    for who, whole in segments:
        cuts = data.draw(st.sets(st.integers(0, len(whole)), max_size=6))
        pieces += [(who, whole[start:end]) for start, end in pairwise(sorted({0, len(whole), *cuts}))]
    seen, said = watch(pieces)
    uncut, _ = watch(segments)
    assert (seen.verdict(), said) == (verdict, verdict is True)
    assert (seen.client.shown, seen.server.shown) == (uncut.client.shown, uncut.server.shown)
    assert seen.tls_version == uncut.tls_version


@pytest.mark.parametrize(("segments", "verdict"), FLOWS.values(), ids=FLOWS.keys())
def test_one_byte_at_a_time(segments: list[Segment], verdict: bool | None) -> None:
    seen, _ = watch([(who, whole[at : at + 1]) for who, whole in segments for at in range(len(whole))])
    assert seen.verdict() is verdict


def test_the_first_records_are_shown_each_way() -> None:
    seen, _ = watch([*FLOWS["1.3 worked"][0], *[ASKS] * 20])
    assert seen.client.shown[:4] == ["22:517", "20:1", "23:53", "23:120"]
    assert len(seen.client.shown) == KEPT
    assert seen.server.shown[1:3] == ["20:1", "23:32"]


RECORDS = st.lists(st.tuples(st.sampled_from([DATA, ALERT, HANDSHAKE]), st.integers(0, 199)), max_size=4)


@pytest.mark.parametrize(("name", "version"), [("1.3 worked", 0x0304), ("1.2 worked", 0x0303)])
@pytest.mark.parametrize("cipher", [0xC02F, 0xC014])
@settings(max_examples=25)
@given(talk=st.lists(st.tuples(st.booleans(), RECORDS), max_size=9))
def test_once_it_works_the_bytes_are_counted_all_the_same(
    name: str, version: int, cipher: int, talk: list[tuple[bool, list[tuple[int, int]]]]
) -> None:
    hello, with_cipher = server_hello(version), server_hello(version, cipher=cipher)
    segments = [(who, whole.replace(hello, with_cipher)) for who, whole in FLOWS[name][0]] + [ASKS, ANSWERS] * KEPT
    segments += [client(*records) if from_client else server(*records) for from_client, records in talk]
    seen, _ = watch(segments)
    split, _ = watch([(who, whole[at : at + 4]) for who, whole in segments for at in range(0, len(whole), 4)])
    assert seen.client_payload == split.client_payload
    assert seen.server_bytes == split.server_bytes == sum(len(data) for who, data in segments if who == "server")
    assert (seen.client, seen.server.shown) == (split.client, split.server.shown)


@pytest.mark.parametrize(
    ("segments", "payload"),
    [
        ([HELLO, FLIGHT13, FINISHED13, ASKS, ASKS], 2 * (120 - 17)),
        ([HELLO, FLIGHT12, FINISHED12, SERVER_FINISHED12, ASKS], 120 - 24),
        ([HELLO, FLIGHT13, FINISHED13], 0),
        ([HELLO, FLIGHT12, FINISHED12, SERVER_FINISHED12, client((DATA, 10))], 0),
    ],
    ids=["1.3", "1.2", "nothing said", "less than its overhead"],
)
def test_application_bytes_are_estimated_from_lengths(segments: list[Segment], payload: int) -> None:
    assert watch(segments)[0].client_payload == payload


@pytest.mark.parametrize(
    ("cipher", "overhead"), [(0x009C, 24), (0xC030, 24), (0xCCA8, 24), (0x002F, OVERHEAD_CBC), (0xC014, OVERHEAD_CBC)]
)
def test_of_other_ciphers_never_too_much_is_estimated(cipher: int, overhead: int) -> None:
    """RFC 5246, section 6.2.3.2: with CBC a record carries an IV, a MAC and padding besides."""
    flight = ("server", server_hello(0x0303, cipher=cipher) + bytes(FLIGHT12[1][len(server_hello(0x0303)) :]))
    assert watch([HELLO, flight, FINISHED12, SERVER_FINISHED12, ASKS])[0].client_payload == 120 - overhead


@pytest.mark.parametrize(
    ("cipher", "finished", "overhead"),
    [(0x1301, 53, 17), (0x1301, 69, 33), (0x1302, 69, 17), (0x1302, 85, 33), (0x1303, 53, 17), (0x1301, 1500, 17)],
    ids=["SHA-256", "SHA-256, JSSE", "SHA-384", "SHA-384, JSSE", "ChaCha20", "with a client certificate"],
)
def test_what_pads_its_finished_pads_all_its_records(cipher: int, finished: int, overhead: int) -> None:
    """Else an OkHttp client on TLS 1.3 seems to send more when it is relayed, which looks like a leak elsewhere."""
    hello = server_hello(0x0304, cipher=cipher)
    flight = ("server", hello + FLIGHT13[1][len(server_hello(0x0304)) :])
    segments = [HELLO, flight, client((CCS, 1), (DATA, finished)), ASKS, ASKS, client((DATA, 35))]
    assert watch(segments)[0].client_payload == 2 * (120 - overhead)


VERSIONS = {
    "TLS 1.3": (server_hello(0x0304), "TLSv1.3"),
    "TLS 1.3 behind other extensions": (server_hello(0x0304, extensions=bytes.fromhex("003300020017")), "TLSv1.3"),
    "TLS 1.2": (server_hello(0x0303), "TLSv1.2"),
    "TLS 1.2 with extensions": (server_hello(0x0303, extensions=bytes.fromhex("ff01000100")), "TLSv1.2"),
    "TLS 1.1": (server_hello(0x0302, session_id=0), "TLSv1.1"),
    "a version of the future": (server_hello(0x0299), "0x0299"),
    "not a ServerHello": (record(HANDSHAKE, payload=b"\x01\0\0\x04abcd"), None),
    "not a handshake": (record(ALERT, 2), None),
    "cut short": (server_hello(0x0304)[:-1], None),
    "nothing": (b"", None),
}


@pytest.mark.parametrize(("data", "version"), VERSIONS.values(), ids=VERSIONS.keys())
def test_the_server_hello_names_the_version(data: bytes, version: str | None) -> None:
    assert chosen_by_server(data) == (None if version is None else (version, 0xC02F))


@given(st.lists(st.tuples(st.sampled_from(["client", "server"]), st.binary(max_size=60)), max_size=12))
def test_any_bytes_are_no_error(segments: list[Segment]) -> None:
    seen, said = watch(segments)
    assert seen.verdict() in {True, False, None}
    assert said <= 1


@given(st.binary(max_size=200))
def test_any_hello_is_no_error(body: bytes) -> None:
    chosen_by_server(record(HANDSHAKE, payload=b"\x02" + len(body).to_bytes(3, "big") + body))


@pytest.mark.parametrize("step", [1, 100, 100_000])
def test_a_hello_longer_than_a_record_is_none_however_it_is_cut(step: int) -> None:
    body = bytes(2) + bytes(32) + b"\0\x13\x01\0" + (20_000).to_bytes(2, "big") + bytes(20_000)
    whole = record(HANDSHAKE, payload=b"\x02" + len(body).to_bytes(3, "big") + body)
    seen = RelayedRecords()
    for at in range(0, len(whole), step):
        seen.feed(whole[at : at + step], from_client=False)
    assert seen.tls_version is None
