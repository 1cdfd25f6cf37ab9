"""Fetching servers' chains, and the command that stores them: against real TLS servers on loopback."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pinprobe import cli
from pinprobe.config import settings_of
from pinprobe.fetch import FetchError, Place, fetch_chain, pem_of, place_of
from pinprobe.mitm.chainstore import ChainStore, check_files
from standin.origin import Origin, Origins
from standin.pki import Identity, Pki


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Servers and the roots that plain devices of this world trust."""

    origins: Origins
    good: Identity
    roots: Path

    def place(self, name: str) -> str:
        return f"localhost:{self.origins.port(name)}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    pki = Pki(folder / "pki")
    good, old = pki.leaf(["localhost"], key_type="rsa"), pki.leaf(["old.example"], expired=True)
    servers = [
        Origin(name="good", identities=(good,)),
        Origin(name="tls1.2", identities=(good,), tls="1.2"),
        Origin(name="expired", identities=(old,)),
        Origin(name="asks for a certificate", identities=(good,), client_ca=pki.root.chain_path, tls="1.3"),
        Origin(name="plain", talk="greeting"),
        Origin(name="mute", identities=(good,), delay_s=30.0),
        Origin(name="down", down=True),
    ]
    with Origins(servers) as origins:
        yield World(origins=origins, good=good, roots=pki.trust(folder / "roots.pem", *pki.roots))


# -- which host ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "host", "port", "shown"),
    [
        ("example.com", "example.com", 443, "example.com"),
        ("Example.COM.", "example.com", 443, "example.com"),
        ("example.com:8443", "example.com", 8443, "example.com:8443"),
        ("bücher.example", "xn--bcher-kva.example", 443, "xn--bcher-kva.example"),
        ("my_host.local", "my_host.local", 443, "my_host.local"),
        ("192.0.2.1:8443", "192.0.2.1", 8443, "192.0.2.1:8443"),
        ("[2001:DB8::1]:8443", "2001:db8::1", 8443, "[2001:db8::1]:8443"),
        ("[2001:db8::1]", "2001:db8::1", 443, "[2001:db8::1]"),
        ("2001:db8::1", "2001:db8::1", 443, "[2001:db8::1]"),
    ],
)
def test_a_host_and_its_port(text: str, host: str, port: int, shown: str) -> None:
    place = place_of(text)
    assert (place.host, place.port, str(place)) == (host, port, shown)


@pytest.mark.parametrize(
    "text",
    ["", ":443", "example.com:", "example.com:https", "example.com:0", "example.com:65536", "example.com:99999999999",
     "https://example.com", "example.com/path", "a b", "..", "-x", "a..b", "\u202eevil"],
)  # fmt: skip
def test_what_is_no_host(text: str) -> None:
    with pytest.raises(ValueError, match=r"no host|a port is"):
        place_of(text)


# -- the chain -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["good", "tls1.2", "asks for a certificate"])
def test_the_chain_is_what_the_server_sends_leaf_first(world: World, name: str) -> None:
    chain = fetch_chain(place_of(world.place(name)), 10)
    sent = x509.load_pem_x509_certificates(world.good.chain_path.read_bytes())
    assert chain == tuple(one.public_bytes(Encoding.DER) for one in sent)
    assert x509.load_pem_x509_certificates(pem_of(chain).encode()) == sent


@pytest.mark.parametrize(
    ("name", "said"),
    [("down", "refused"), ("plain", "the TLS handshake failed"), ("mute", "no answer within 0.5 seconds")],
)
def test_why_there_is_none(world: World, name: str, said: str) -> None:
    with pytest.raises(FetchError) as failed:
        fetch_chain(place_of(world.place(name)), 0.5)
    assert str(failed.value).startswith(f"{world.place(name)}: ")
    assert said in str(failed.value)


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*asked: object) -> socket.socket:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "create_connection", unknown)
    with pytest.raises(FetchError, match=r"nowhere\.example: its name cannot be resolved \(Name or service"):
        fetch_chain(Place(host="nowhere.example"), 1)


# -- the command ---------------------------------------------------------------------------------


def test_it_stores_the_chain_and_says_that_it_may_be_replayed(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = world.place("good")
    out = tmp_path / "new" / "chains"
    assert cli.main(["replay-chain", place, place, "--out", str(out), "--public-roots", str(world.roots)]) == 0
    (file,) = out.iterdir()
    assert file.name == f"{place.replace(':', '_')}.pem"
    assert capsys.readouterr().out == f"{file}: may be replayed\n"
    assert file.read_bytes() == world.good.chain_path.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_proxy_takes_what_was_stored(world: World, tmp_path: Path) -> None:
    assert (
        cli.main(["replay-chain", world.place("good"), "--out", str(tmp_path), "--public-roots", str(world.roots)]) == 0
    )
    given = {"pinprobe_replay_chains": str(tmp_path), "pinprobe_public_roots": str(world.roots)}
    check_files(settings_of(given, frozenset(given)))
    (known,) = ChainStore(world.roots).from_files(tmp_path)
    assert (known.host, known.source, known.refused_because) == ("localhost", "file", "")


@pytest.mark.parametrize(
    ("name", "with_roots", "why"),
    [("expired", True, "expired on"), ("good", False, "was neither sent nor is it among the")],
)
def test_it_says_why_a_chain_may_not_be_replayed(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, with_roots: bool, why: str
) -> None:
    roots = ["--public-roots", str(world.roots)] if with_roots else []
    assert cli.main(["replay-chain", world.place(name), "--out", str(tmp_path), *roots]) == 0
    said = capsys.readouterr().out
    assert "may not be replayed: " in said and why in said
    assert len(list(tmp_path.iterdir())) == 1


def test_one_that_fails_does_not_keep_the_others(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = [world.place("down"), world.place("good")]
    command = ["replay-chain", *places, "--out", str(tmp_path), "--public-roots", str(world.roots), "--timeout", "9.5"]
    assert cli.main(command) == cli.Exit.UNREADABLE
    said = capsys.readouterr()
    assert said.err.startswith(f"pinprobe: {places[0]}: ") and "may be replayed" in said.out


def test_roots_and_folders_that_cannot_be_used(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    place = world.place("good")
    for roots in (empty, tmp_path / "missing.pem"):
        assert cli.main(["replay-chain", place, "--public-roots", str(roots)]) == cli.Exit.USAGE
        assert str(roots) in capsys.readouterr().err
    assert cli.main(["replay-chain", place, "--out", str(empty / "below")]) == cli.Exit.USAGE
    assert str(empty) in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [[], ["https://example.com"], ["a", "--timeout", "0"], ["a", "--timeout", "soon"]])
def test_wrong_usage(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["replay-chain", *wrong])
    assert ended.value.code == cli.Exit.USAGE
    assert "usage: pinprobe replay-chain" in capsys.readouterr().err


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["replay-chain", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == 0
    assert "Says of each whether it may be replayed, or why not." in said and "--public-roots FILE" in said
