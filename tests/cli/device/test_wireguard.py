"""pinprobe device wireguard-on, wireguard-off."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from tests.cli.disk import Output, run
from tests.cli.phone import connected
from tests.device.test_tunnel import with_wireguard

from pinprobe.cli import Exit
from pinprobe.device.wireguard import read_keys
from pinprobe.x509.tunnel_keys import public_half

PACKAGE = "com.example.app"
ON = ("device", "wireguard-on", PACKAGE, "--host", "192.0.2.2")


def test_it_writes_a_private_configuration_and_says_what_to_do(tmp_path: Path, capsys: Output) -> None:
    assert run(*ON, "--confdir", tmp_path) == Exit.DONE
    keys, config = tmp_path / f"wireguard-{PACKAGE}.json", tmp_path / f"wireguard-{PACKAGE}.conf"
    assert {stat.S_IMODE(file.stat().st_mode) for file in (keys, config)} == {0o600}
    known = read_keys(keys.read_text())
    text = config.read_text()
    assert f"PrivateKey = {known.client}\n" in text and f"PublicKey = {public_half(known.server)}\n" in text
    assert f"IncludedApplications = {PACKAGE}\n" in text and "Endpoint = 192.0.2.2:51820\n" in text
    out = capsys.readouterr().out
    assert f"--mode wireguard:{keys}@51820" in out and f"pinprobe_listeners=51820={PACKAGE}" in out
    assert "▀" in out and known.client not in out and known.server not in out


def test_again_it_has_the_same_keys(tmp_path: Path) -> None:
    for port in ("51820", "51821"):
        assert run(*ON, "--confdir", tmp_path, "--port", port, "--no-qr") == Exit.DONE
        texts = (
            (tmp_path / f"wireguard-{PACKAGE}.conf").read_text(),
            (tmp_path / f"wireguard-{PACKAGE}.json").read_text(),
        )
        key = json.loads(texts[1])["client_key"]
        assert key in texts[0] and f":{port}\n" in texts[0]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: Output) -> None:
    assert run(*ON, "--confdir", tmp_path / "new", "--dry-run") == Exit.DONE
    assert not (tmp_path / "new").exists()
    assert "would write" in capsys.readouterr().out


def test_a_file_that_holds_no_keys(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / f"wireguard-{PACKAGE}.json").write_text("{}")
    assert run(*ON, "--confdir", tmp_path) == Exit.DEVICE
    assert "holds no keys" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["", "a b", "192.0.2.2\nDNS = 192.0.2.3", "192.0.2.2:5"])
def test_what_is_no_host(tmp_path: Path, host: str) -> None:
    assert run("device", "wireguard-on", PACKAGE, "--confdir", tmp_path, "--host", host) == Exit.USAGE
    assert not list(tmp_path.iterdir())


def test_installed_and_taken_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    bench = with_wireguard(connected(monkeypatch, tmp_path)(34))
    before = bench.document()
    installing = (*ON, "--confdir", tmp_path / "keys", "--no-qr", "--install")
    assert run(*installing, "--dry-run") == Exit.DONE
    assert "am broadcast -a com.wireguard.android.action.SET_TUNNEL_UP" in capsys.readouterr().out
    assert bench.document() == before
    for _ in range(2):
        assert run(*installing) == Exit.DONE
        assert bench.document()["tunnels"] == ["pp-app"]
    assert run("device", "wireguard-off") == Exit.DONE
    assert bench.document()["tunnels"] == []
    assert run("device", "restore") == Exit.DONE
    assert bench.document() == before
    assert run("device", "wireguard-off") == Exit.DONE
    assert "no tunnel of pinprobe's is known" in capsys.readouterr().out


def test_without_root_the_configuration_is_there_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    bench = with_wireguard(connected(monkeypatch, tmp_path)(34, root=False))
    before = bench.document()
    assert run(*ON, "--confdir", tmp_path / "keys", "--no-qr", "--install") == Exit.DEVICE
    assert "no root" in capsys.readouterr().err
    assert bench.document() == before
    assert (tmp_path / "keys" / f"wireguard-{PACKAGE}.conf").is_file()
