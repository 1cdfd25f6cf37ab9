"""Does the real server ask for a client certificate? Seen on real handshakes in memory."""

from __future__ import annotations

import contextlib
import ssl
from pathlib import Path
from unittest import mock

import pytest
from mitmproxy import connection, tls
from OpenSSL import SSL
from tests.certificates import HOST, bench
from tests.mitm.served.stage import configured, start_of

from pinprobe.mitm.direct import DirectConnection
from pinprobe.mitm.upstream import asks_for_client_certificate, watch_upstream

IDENTITY = bench().pki.leaf([HOST])


def upstream(running: object) -> tls.TlsData:
    """What the hook `tls_start_server` is handed."""
    where = start_of(running).context
    where.server.sni = HOST
    where.server.state = connection.ConnectionState.OPEN
    return tls.TlsData(where.server, context=where)


def talk(data: tls.TlsData, verify: ssl.VerifyMode, version: ssl.TLSVersion) -> ssl.SSLObject:
    """The server's half, by Python."""
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    settings.maximum_version = version
    settings.load_cert_chain(IDENTITY.chain_path, IDENTITY.key_path)
    settings.verify_mode = verify
    settings.load_verify_locations(bench().pki.root.chain_path)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = settings.wrap_bio(incoming, outgoing, server_side=True)
    assert data.ssl_conn is not None
    for _ in range(4):
        with contextlib.suppress(SSL.Error):
            data.ssl_conn.do_handshake()
        with contextlib.suppress(SSL.WantReadError):
            incoming.write(data.ssl_conn.bio_read(65536))
        with contextlib.suppress(ssl.SSLError):
            server.do_handshake()
        if sent := outgoing.read():
            data.ssl_conn.bio_write(sent)
    return server


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("verify", [ssl.CERT_NONE, ssl.CERT_OPTIONAL, ssl.CERT_REQUIRED])
def test_a_request_for_a_client_certificate_is_seen(verify: ssl.VerifyMode, version: ssl.TLSVersion) -> None:
    with configured(ssl_insecure=True) as running:
        data = upstream(running)
        watch_upstream(data)
        assert data.ssl_conn is not None, "mitmproxy's own connection is made first"
        assert not asks_for_client_certificate(data)
        talk(data, verify, version)
        assert asks_for_client_certificate(data) is (verify is not ssl.CERT_NONE)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_users_client_certificate_is_sent_as_ever(version: ssl.TLSVersion, tmp_path: Path) -> None:
    mine = bench().pki.client("a user")
    file = tmp_path / "client.pem"
    file.write_bytes(mine.key_path.read_bytes() + mine.chain_path.read_bytes())
    with configured(ssl_insecure=True, client_certs=str(file)) as running:
        data = upstream(running)
        watch_upstream(data)
        sent = talk(data, ssl.CERT_REQUIRED, version).getpeercert()
        assert sent is not None and sent["subject"] == ((("commonName", "a user"),),)
        assert asks_for_client_certificate(data)


def test_two_servers_are_told_apart() -> None:
    """mitmproxy keeps one context for both."""
    with configured(ssl_insecure=True) as running:
        asking, quiet = upstream(running), upstream(running)
        watch_upstream(asking)
        watch_upstream(quiet)
        talk(asking, ssl.CERT_OPTIONAL, ssl.TLSVersion.TLSv1_3)
        talk(quiet, ssl.CERT_NONE, ssl.TLSVersion.TLSv1_3)
        assert asks_for_client_certificate(asking)
        assert not asks_for_client_certificate(quiet)


def test_a_connection_that_was_never_watched() -> None:
    with configured() as running:
        assert not asks_for_client_certificate(upstream(running))


def test_the_connection_is_read_in_fewer_steps_unless_it_is_of_somebody_elses_making() -> None:
    class Theirs(SSL.Connection):
        pass

    def theirs(data: tls.TlsData) -> None:
        data.ssl_conn = Theirs(SSL.Context(SSL.TLS_METHOD))

    with configured(ssl_insecure=True) as running:
        data = upstream(running)
        watch_upstream(data)
        assert type(data.ssl_conn) is DirectConnection
        with mock.patch.object(running.master.addons.get("tlsconfig"), "tls_start_server", theirs):
            watch_upstream(data)
        assert isinstance(data.ssl_conn, Theirs)
