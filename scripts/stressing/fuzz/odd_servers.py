"""Real TLS servers with certificates that no authority should sign, and one that is as it should be."""

from __future__ import annotations

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from stressing.fuzz import chains
from stressing.fuzz.der import Element, elements

ORDINARY = "ordinary.test"
Change = Callable[[list[Element]], None]
"""Of the fields of a TBSCertificate (RFC 5280, section 4.1)."""


def _common_name(tbs: list[Element]) -> Element:
    return tbs[5].parts[0].parts[0].parts[1]


def _long_subject(tbs: list[Element]) -> None:
    one = tbs[5].parts[0].written()
    tbs[5].parts = []
    tbs[5].content = one * (64_000 // len(one))


def _set(field: Callable[[list[Element]], Element], content: bytes, tag: int | None = None) -> Change:
    def change(tbs: list[Element]) -> None:
        one = field(tbs)
        one.parts, one.content = [], content
        one.tag = one.tag if tag is None else tag

    return change


def _extensions(tbs: list[Element]) -> list[Element]:
    return tbs[7].parts[0].parts


ODD: dict[str, Change] = {
    "negative-serial.test": _set(lambda tbs: tbs[1], b"\x80\x01"),
    "zero-serial.test": _set(lambda tbs: tbs[1], b"\0"),
    "long-serial.test": _set(lambda tbs: tbs[1], b"\x7f" * 200),
    "nul-name.test": _set(_common_name, b"good.test\0.evil.test"),
    "universal-string.test": _set(_common_name, b"\x7f\xff\xff\xff", 0x1C),
    "bmp-string.test": _set(_common_name, b"\xd8\0", 0x1E),
    "bit-string.test": _set(_common_name, b"\0a", 0x03),
    "no-text.test": _set(_common_name, b""),
    "number-as-name.test": _set(_common_name, b"\1", 0x02),
    "long-subject.test": _long_subject,
    "no-subject.test": _set(lambda tbs: tbs[5], b""),
    "short-time.test": _set(lambda tbs: tbs[4].parts[0], b"2001010000Z"),
    "year-zero.test": _set(lambda tbs: tbs[4].parts[0], b"00000101000000Z", 0x18),
    "no-time.test": _set(lambda tbs: tbs[4].parts[1], b"x"),
    "doubled-extension.test": lambda tbs: _extensions(tbs).append(_extensions(tbs)[1]),
    "broken-names.test": _set(lambda tbs: _extensions(tbs)[1].parts[1], b"\x30\x03\x82\x01\xff"),
    "broken-constraints.test": _set(lambda tbs: _extensions(tbs)[0].parts[-1], b"\x05\x00"),
    "other-versions.test": _set(lambda tbs: tbs[0], b"\x02\x01\x07"),
}


def leaf(host: str, change: Change | None = None) -> bytes:
    """DER of a certificate for this host, changed in one field and signed again."""
    names = x509.SubjectAlternativeName([x509.DNSName(host)])
    sound = chains.certificate(chains.name(host), chains.ROOT, "p256", names).public_bytes(Encoding.DER)
    whole = elements(sound)
    assert whole is not None
    signed, algorithm, _ = whole[0].parts
    if change is not None:
        change(signed.parts)
    key = chains.key("p256")
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    signature = key.sign(signed.written(), ec.ECDSA(hashes.SHA256()))
    return Element(0x30, b"", [signed, algorithm, Element(0x03, b"\0" + signature)]).written()


def _pem(der: bytes) -> str:
    return ssl.DER_cert_to_PEM_cert(der)


class _Handler(socketserver.BaseRequestHandler):
    """Answers every request the same, until the client goes."""

    def handle(self) -> None:
        assert isinstance(self.server, _Server)
        with contextlib.suppress(OSError, ValueError):
            self.request.settimeout(10)
            with self.server.context.wrap_socket(self.request, server_side=True) as connection:
                while b"\r\n\r\n" in connection.recv(65536):
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64
    context: ssl.SSLContext


@contextlib.contextmanager
def running(folder: Path) -> Iterator[dict[str, int]]:
    """The port of each host. Those whose certificate OpenSSL does not even load are left out."""
    key = chains.key("p256")
    key_path = folder / "key.pem"
    key_path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    more = _pem(chains.certificate(chains.ISSUING, chains.ROOT, ca=True).public_bytes(Encoding.DER))
    served: dict[str, list[str]] = {host: [_pem(leaf(host, change))] for host, change in ODD.items()}
    served["long-chain.test"] = [_pem(leaf("long-chain.test")), *([more] * 50)]
    served[ORDINARY] = [_pem(leaf(ORDINARY))]
    servers: list[_Server] = []
    ports = {}
    try:
        for host, certificates in served.items():
            path = folder / f"{host}.pem"
            path.write_text("".join(certificates))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            try:
                context.load_cert_chain(path, key_path)
            except ssl.SSLError:
                continue
            server = _Server(("127.0.0.1", 0), _Handler)
            server.context = context
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
            servers.append(server)
            ports[host] = server.server_address[1]
        yield ports
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
