"""What a person sends is nowhere in what is kept or shown: a secret in every place that a client or server can put one.

Host names are the exception, and what stands for one: SNI, lookups, the host that a request names.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from tests.live.canary import finds, number, secret, token
from tests.live.canary_client import BODIES, Client
from tests.live.canary_origin import NAME, origin
from tests.live.trap import Trap, trap
from tests.live.world import World, free_port
from tests.waiting import eventually

from standin.pki import Identity, Pki

pytestmark = pytest.mark.live

OF_A_CONNECTION = re.compile(r"^\[[\d:.]+\]\[.*\n", re.MULTILINE)
"""Lines that mitmproxy itself writes about a connection, which quote what it cannot parse."""
BREAKS = """
from pinprobe.mitm.live.server import LiveServer
from pinprobe.mitm.observer import Observer

def breaks(name):
    def broken(self, watch, flow):
        try:
            {}[flow.request.path, str(flow.request.headers), flow.request.content]
        except KeyError as error:
            raise ValueError(repr(flow.request.data)) from error
    return broken

for name in ("request", "whole_request", "response", "whole_response"):
    setattr(Observer, name, breaks(name))

def answer(self, head, writer):
    raise RuntimeError(head)

LiveServer._answer = answer
"""


@contextmanager
def proxied(world: World, folder: Path, port: int, **more: Any) -> Iterator[tuple[Trap, Client]]:
    """A proxy whose report can be watched and whose files anybody might read, if it were for the umask."""
    hosts = {**world.hosts, NAME: port, f"{NAME}:80": port}
    options = {
        "pinprobe_live": str(free_port()),
        "pinprobe_formats": "all",
        "pinprobe_user_agents": "*Example*=com.example",
        "request_client_cert": "true",
        **more.pop("options", {}),
    }
    home = folder / "home"
    home.mkdir()
    environment = {"HOME": str(home), "TMPDIR": str(home)}
    mask = os.umask(0)
    try:
        proxy = trap(replace(world, hosts=hosts), folder / "reports", options=options, environment=environment, **more)
        with proxy as t:
            os.umask(mask)
            assert t.proxy.wait_for("recording to", 30.0)
            yield t, Client(("127.0.0.1", t.proxy.port), str(world.trusting.trust))
    finally:
        os.umask(mask)


def look(t: Trap, path: str = "/") -> str:
    """At the live page, as a browser would that has secrets."""
    port = int(re.findall(r"live report: http://127\.0\.0\.1:(\d+)/", t.proxy.output)[0])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection), contextlib.suppress(http.client.HTTPException):
        connection.request("GET", path, headers={"Cookie": secret("page-cookie"), token("page"): secret("page-header")})
        return connection.getresponse().read().decode()
    return ""


def everything(t: Trap, folder: Path, **shown: str) -> Mapping[str, bytes]:
    """All that was written, printed or shown."""
    kept = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    names = "\n".join(str(path.relative_to(folder)) for path in folder.rglob("*"))
    printed = OF_A_CONNECTION.sub("", t.output)
    return {**kept, "names": names.encode(), "printed": printed.encode(), **{k: v.encode() for k, v in shown.items()}}


def with_secrets(pki: Pki) -> Identity:
    """A client certificate of somebody whose name, number and addresses are nobody else's business."""
    also = (
        x509.RFC822Name(f"{token('mail')}@x.test"),
        x509.UniformResourceIdentifier(f"https://x.test/{token('uri')}"),
        x509.DNSName(f"{token('dns')}.test"),
    )
    return pki.client(token("subject"), serial=number(), also=also)


def ask_for_everything(t: Trap, client: Client) -> None:
    for _ in range(2):
        for kind, body in BODIES.items():
            encoded = {"Content-Encoding": "gzip"} if kind == "text/plain" else {}
            with client.tls() as connection:
                target = f"/{secret('path')}?q={secret('query')}#{token('fragment')}"
                answer = client.request("POST", target, body, to=connection, **{"Content-Type": kind}, **encoded)
                assert token("reason").encode() in answer
    for method in ("PUT", "PATCH", "TRACE", "DELETE", token("METHOD")):
        with client.tls() as connection:
            client.request(method, f"/{secret(method)}", secret("put").encode(), to=connection)
    for host in (f"{token('user')}:{token('password')}@{NAME}", f"{NAME}/{token('host-path')}", NAME):
        with client.tls() as connection:
            client.request("GET", "/", to=connection, Host=host)
    assert "BytesMessage" in client.websocket()
    assert client.http2()
    assert token("reason").encode() in _in_cleartext(t, client)
    with client.tls(token("alpn"), "http/1.1") as connection:
        client.request("GET", "/", to=connection)


def _in_cleartext(t: Trap, client: Client) -> bytes:
    userinfo = f"{token('url-user')}:{token('url-password')}@"
    for target in (f"http://{NAME}/{secret('clear-path')}", f"http://{userinfo}{NAME}/{secret('clear-2')}"):
        with socket.create_connection(client.proxy, timeout=10) as connection:
            answer = client.request("POST", target, BODIES["application/json"], to=connection)
            if userinfo not in target:
                whole = answer
    return whole


def ask_in_odd_ways(t: Trap, client: Client, world: World) -> None:
    """What is no request, or never comes to one."""
    for talk in ("{}:{}\r\n", "USER {}\r\nPASS {}\r\n"):  # raw TCP, and what mitmproxy takes for HTTP
        with client.tunnel("subject.shop.test:7") as plain:
            plain.sendall(talk.format(secret("ftp-user"), secret("ftp-password")).encode())
            _listen(plain)
    with client.tunnel(f"{token('connect-user')}:{token('connect-password')}@{NAME}:443") as plain:
        plain.sendall(client.hello_with(token("hello-a")))
    with client.tunnel() as plain:
        plain.sendall(client.hello_with(token("hello-b")))
        _listen(plain)
    broken = b"\x16\x03\x01\x00\x60\x01\x00\x00\x5c\x03\x03" + secret("broken-hello").encode().ljust(90, b".")
    with client.tunnel() as plain:
        plain.sendall(broken)
        _listen(plain)
    with client.tls(authority="raw.shop.test:443") as connection:
        connection.sendall(broken)  # TLS inside TLS: mitmproxy's error quotes it in hex
        _listen(connection)
    refusing = Client(client.proxy, str(world.upstream_trust))
    for _ in range(3):
        with contextlib.suppress(ssl.SSLError), refusing.tls():
            pass  # refused, or relayed as a control
    address = ("127.0.0.2", t.proxy.dns_port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as lookup:
        cookie = b"\x00\x0a" + len(token("dns")).to_bytes(2, "big") + token("dns").encode()
        lookup.sendto(
            b"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\x06lookup\x04shop\x04test\x00\x00\x01\x00\x01"
            b"\x00\x00\x29\x10\x00\x00\x00\x00\x00" + len(cookie).to_bytes(2, "big") + cookie,
            address,
        )


def _listen(to: socket.socket) -> None:
    """A moment, for an answer or an end."""
    to.settimeout(0.5)
    with contextlib.suppress(OSError):
        to.recv(100)


def test_no_secret_is_kept_or_shown(world: World, tmp_path: Path) -> None:
    me = with_secrets(Pki(tmp_path.parent / "someone"))
    folder = tmp_path / "all"
    folder.mkdir()
    with origin(world) as port, proxied(world, folder, port, with_dns=True) as (t, client):
        client.context.load_cert_chain(me.chain_path, me.key_path)
        ask_for_everything(t, client)
        ask_in_odd_ways(t, client, world)
        assert eventually(lambda: NAME in look(t))
        shown = {
            path: look(t, path) for path in ("/", "/report.json", f"/{secret('page-path')}?{secret('page-query')}")
        }
    texts = everything(t, folder, **shown)
    assert {"journal.jsonl", "report.html", "report.sarif", "report.csv", "index.html"} <= {
        Path(name).name for name in texts
    }
    assert finds(texts) == []
    journal = t.journal()
    assert not t.events("ToolFailed"), t.output
    seen = {event["type"] for event in journal}
    assert {"RequestSeen", "CleartextSeen", "HandshakeFailed", "PinMaterialSeen", "PinReportSeen"} <= seen
    assert {"PolicyHeaderSeen", "UserAgentSeen", "NameResolved", "ExchangeRepeated"} & seen
    assert t.endpoint(NAME)["verdict"] == "suspicious", "it reported a failed pin"
    assert {event["authority_host"] for event in t.events("RequestSeen")} == {NAME}
    assert "unregistered" in str(t.events("ClientHelloSeen"))
    assert not any((folder / "home").iterdir()), "nothing beside the reports"
    for path in (folder / "reports").rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_a_bug_of_ours_tells_where_and_not_what(world: World, tmp_path: Path) -> None:
    script = tmp_path / "breaks.py"
    script.write_text(BREAKS)
    folder = tmp_path / "all"
    folder.mkdir()
    with origin(world) as port, proxied(world, folder, port, scripts=(script,)) as (t, client):
        for _ in range(2):
            with client.tls() as connection:
                answer = client.request(token("METHOD"), f"/{secret('path')}", BODIES["text/plain"], to=connection)
                assert token("reason").encode() in answer, "the traffic goes on"
        assert eventually(lambda: "error in breaks" in t.proxy.output)
        assert not look(t, f"/{secret('page-path')}")
    texts = everything(t, folder)
    assert finds(texts) == []
    failures = t.events("ToolFailed")
    assert {failure["error"].split(" at ")[0] for failure in failures} == {"ValueError"}
    assert "the live report could not be shown: RuntimeError" in t.output and "Traceback" not in t.output
    assert "tool_error" in str(t.report()["notices"])
