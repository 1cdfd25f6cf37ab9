"""What mitmproxy itself would serve is found again without asking it, and is the same that it would find."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from mitmproxy import certs, ctx, tls
from tests.certificates import bench
from tests.mitm.served.stage import configured, start_of

from pinprobe.mitm.served import signed as signed_module
from pinprobe.mitm.served.signed import Signed

GENUINE, OTHER = bench().material.genuine, bench().material.replay


def start_for(running: Any, sni: str | None, upstream: Any = (), address: str = "192.0.2.9") -> tls.TlsData:
    start = start_of(running, upstream)
    start.context.client.sni = sni
    start.context.server.address = (address, 443)
    return start


def entry(signed: Signed, start: tls.TlsData) -> certs.CertStoreEntry:
    return signed.entry(ctx.master.addons.get("tlsconfig"), start.context)


def test_it_is_what_mitmproxy_finds_whatever_it_looks_at() -> None:
    with configured() as running:
        signed, config = Signed(), ctx.master.addons.get("tlsconfig")
        every = itertools.product(
            ("a.test", "b.test", None), ((), GENUINE, OTHER), ("192.0.2.9", "a.test"), (True, False)
        )
        seen: dict[object, certs.CertStoreEntry] = {}
        for sni, upstream, address, imitates in list(every) * 2:
            running.configure(config, upstream_cert=imitates)
            start = start_for(running, sni, upstream, address)
            found = entry(signed, start)
            assert found is config.get_cert(start.context)
            assert seen.setdefault((sni, upstream, address, imitates), found) is found
        assert len({id(one) for one in seen.values()}) == 18, "without imitation, whatever the server has"


def test_mitmproxy_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with configured() as running:
        signed, config = Signed(), ctx.master.addons.get("tlsconfig")
        first = entry(signed, start_for(running, "a.test", GENUINE))
        monkeypatch.setattr(config, "get_cert", None)
        assert entry(signed, start_for(running, "a.test", GENUINE)) is first


def own(running: Any) -> certs.CertStoreEntry:
    store = ctx.master.addons.get("tlsconfig").certstore
    made = certs.dummy_cert(store.default_privatekey, store.default_ca._cert, "own.test", [])
    return certs.CertStoreEntry(made, store.default_privatekey, None, [made])


def test_a_certificate_of_the_users_own_is_served_from_when_it_is_there(tmp_path: Any) -> None:
    with configured() as running:
        signed, config = Signed(), ctx.master.addons.get("tlsconfig")
        before = entry(signed, start_for(running, "a.test"))
        mine = own(running)
        config.certstore.add_cert(mine, "a.test")
        assert entry(signed, start_for(running, "a.test")) is mine
        file = tmp_path / "own.pem"
        key = mine.privatekey.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        file.write_bytes(key + mine.cert.to_pem())
        running.configure(config, certs=[f"b.test={file}"])
        assert entry(signed, start_for(running, "b.test")).cert == mine.cert
        assert entry(signed, start_for(running, "a.test")) not in (before, mine)
        running.configure(config, certs=[])
        assert entry(signed, start_for(running, "b.test")).cert != mine.cert


def test_more_are_kept_than_mitmproxy_keeps_and_the_oldest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """And those of the user's own stay."""
    monkeypatch.setattr(signed_module, "KEPT", 120)
    with configured() as running:
        signed, store = Signed(), ctx.master.addons.get("tlsconfig").certstore
        mine = own(running)
        store.add_cert(mine, "*")
        del store.certs["*"]
        made = [entry(signed, start_for(running, f"host-{number}.test")) for number in range(125)]
        kept = list(store.certs.values())
        assert [one for one in made if one in kept] == made[5:]
        assert store.certs["own.test"] is mine
        assert entry(signed, start_for(running, "host-124.test")) is made[124]
        assert entry(signed, start_for(running, "own.test")) is mine
        assert not store.expire_queue
