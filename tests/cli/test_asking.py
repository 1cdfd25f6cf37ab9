"""A real server on loopback, asked for its chain on the command line."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tests.advice.kotlin import pins_in
from tests.advice.made import openssl, openssl_pin
from tests.advice.test_nsc import read
from tests.cli.disk import Output, run

from pinprobe.cli import Exit
from standin.origin import Origin, Origins
from standin.pki import Identity, Pki


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Servers, and the roots that plain devices of this world trust."""

    origins: Origins
    pki: Pki
    roots: Path

    def ask(self, name: str, *more: str | Path) -> int:
        return run("pins", f"localhost:{self.origins.port(name)}", "--public-roots", self.roots, *more)


def self_signed(folder: Path) -> Identity:
    """As people make them with openssl."""
    key, certificate = folder / "self-signed.key", folder / "self-signed.pem"
    command = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "90"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    openssl([*command, *names, "-keyout", str(key), "-out", str(certificate)], b"")
    made = load_pem_private_key(key.read_bytes(), password=None)
    assert isinstance(made, ec.EllipticCurvePrivateKey)
    return Identity(
        certificate=x509.load_pem_x509_certificate(certificate.read_bytes()),
        key=made,
        chain_path=certificate,
        key_path=key,
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    pki = Pki(folder / "pki")
    good = pki.leaf(["localhost"])
    servers = [
        Origin(name="good", identities=(good,)),
        Origin(name="self-signed", identities=(self_signed(folder),)),
        Origin(name="other name", identities=(pki.leaf(["example.net"], issuer=pki.other_intermediate),)),
        Origin(name="mute", identities=(good,), delay_s=30.0),
        Origin(name="down", down=True),
    ]
    with Origins(servers) as origins:
        yield World(origins=origins, pki=pki, roots=pki.trust(folder / "roots.pem", *pki.roots))


def test_the_snippet_alone_is_the_output(world: World, capsys: Output) -> None:
    assert world.ask("good") == Exit.DONE
    said = capsys.readouterr()
    ((domains, _, pins),) = read(said.out)
    assert domains == [("localhost", "false")]
    assert pins == [openssl_pin(world.pki.intermediate_a.certificate), openssl_pin(world.pki.root.certificate)]
    assert "asking localhost:" in said.err and "The only backup is the CA's root" in said.err
    assert "warning" not in said.err


def test_the_port_may_be_named_apart(world: World, capsys: Output) -> None:
    port = str(world.origins.port("good"))
    assert run("pins", "localhost", "--port", port, "--public-roots", world.roots, "--format", "okhttp") == Exit.DONE
    assert list(pins_in(capsys.readouterr().out)) == ["localhost"]
    assert world.ask("good", "--port", "1") == Exit.USAGE
    assert "name two ports" in capsys.readouterr().err


def test_a_backup_key_is_made_and_pinned(world: World, tmp_path: Path, capsys: Output) -> None:
    key = tmp_path / "backup.pem"
    assert world.ask("good", "--backup-key", key) == Exit.DONE
    first = capsys.readouterr()
    ((_, _, pins),) = read(first.out)
    assert pins[1] in first.err and len(pins) == 2 and "The only backup" not in first.err
    assert world.ask("good", "--backup-key", key) == Exit.DONE
    assert capsys.readouterr().out == first.out


def test_a_chain_that_devices_do_not_trust_is_named(world: World, tmp_path: Path, capsys: Output) -> None:
    roots = world.pki.trust(tmp_path / "roots.pem", world.pki.third_root)
    port = world.origins.port("good")
    assert run("pins", f"localhost:{port}", "--public-roots", roots) == Exit.DONE
    said = capsys.readouterr()
    assert "ends in no root that plain devices trust" in said.err and "There is no backup" in said.err
    assert "THERE IS NO BACKUP" in said.out


def test_a_certificate_for_other_names_is_named(world: World, capsys: Output) -> None:
    assert world.ask("other name") == Exit.DONE
    assert "is for other names" in capsys.readouterr().err


def test_a_self_signed_certificate_is_no_matter_for_pins(world: World, capsys: Output) -> None:
    assert world.ask("self-signed") == Exit.NOTHING_OBSERVED
    said = capsys.readouterr()
    assert said.out == "" and "its certificate is self-signed" in said.err


@pytest.mark.parametrize(("name", "why"), [("down", "refused"), ("mute", "no answer within 0.3 seconds")])
def test_a_server_that_does_not_answer(world: World, capsys: Output, name: str, why: str) -> None:
    began = time.monotonic()
    assert world.ask(name, "--timeout", "0.3") == Exit.UNREADABLE
    assert why in capsys.readouterr().err and time.monotonic() - began < 5


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    def unknown(*asked: object) -> socket.socket:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "create_connection", unknown)
    assert run("pins", "nowhere.example") == Exit.UNREADABLE
    assert "cannot be resolved" in capsys.readouterr().err


def test_roots_that_cannot_be_used(tmp_path: Path, capsys: Output) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    assert run("pins", "localhost:1", "--public-roots", empty) == Exit.USAGE
    assert str(empty) in capsys.readouterr().err
