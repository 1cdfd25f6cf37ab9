"""pinprobe pins on reports: which hosts, which form, which backup, and what it says instead."""

from __future__ import annotations

import plistlib
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from tests import builders as make
from tests.advice.kotlin import pins_in
from tests.advice.made import OWN
from tests.advice.test_nsc import read
from tests.cli.disk import Output, made, run

from pinprobe import events as ev
from pinprobe.cli import Exit

DAY_S = 86400.0
HOSTS = ("api.example.com", "login.example.com", "metrics.example.net")


def fresh(tmp_path: Path, *hosts: str, age_days: float = 0, **of_session: Any) -> Path:
    """The folder of a session that ended so many days ago, with chains of then."""
    known = [make.host_known(host, ".".join(host.split(".")[-2:])) for host in hosts]
    events = make.journal(*known, *map(make.accepted, hosts), **{"first_party": ("example.com",), **of_session})
    shift = time.time() - age_days * DAY_S - make.START_S
    return made(tmp_path / "reports", [_moved(event, shift) for event in events], "s1")


def _moved(event: ev.Event, by_s: float) -> ev.Event:
    event = replace(event, at_s=event.at_s + by_s)
    if isinstance(event, ev.ServerChainSeen):
        later = [replace(c, not_before_s=c.not_before_s + by_s, not_after_s=c.not_after_s + by_s) for c in event.chain]
        return replace(event, chain=tuple(later))
    return event


def domains(text: str) -> Sequence[tuple[str, str]]:
    return [one for config in read(text) for one in config[0]]


@pytest.fixture
def session(tmp_path: Path) -> Path:
    return fresh(tmp_path, *HOSTS)


def test_a_folder_its_journal_and_its_report_say_the_same(session: Path, capsys: Output) -> None:
    assert run("pins", session) == Exit.DONE
    said = capsys.readouterr()
    assert domains(said.out) == [("example.com", "true")]
    assert "A pin set covers a domain with all names below it" in said.err
    assert run("report", session) == Exit.DONE
    capsys.readouterr()
    for target in (session, session / "report.json", session / "journal.jsonl"):
        assert run("pins", target) == Exit.DONE
        assert capsys.readouterr().out == said.out


def test_every_form(session: Path, capsys: Output) -> None:
    said = {}
    for form in ("nsc", "okhttp", "ios", "trustkit", "trustkit-ios"):
        assert run("pins", session, "--format", form) == Exit.DONE
        said[form] = capsys.readouterr().out
    assert list(pins_in(said["okhttp"])) == ["**.example.com"]
    assert "example.com" in plistlib.loads(said["ios"].encode())["NSAppTransportSecurity"]["NSPinnedDomains"]
    assert "example.com" in plistlib.loads(said["trustkit-ios"].encode())["TSKConfiguration"]["TSKPinnedDomains"]
    assert ElementTree.fromstring(said["trustkit"]).find("domain-config/trustkit-config") is not None  # noqa: S314
    assert run("pins", session, "--format", "all") == Exit.DONE
    whole = capsys.readouterr().out
    assert all(text in whole for text in said.values()) and whole.count("==== ") == len(said)


def test_hosts_by_name(session: Path, capsys: Output) -> None:
    assert run("pins", session, "--host", "metrics.example.net") == Exit.DONE
    said = capsys.readouterr()
    assert domains(said.out) == [("metrics.example.net", "false")]
    assert "Do not pin it: its owner changes certificates" in said.err
    assert run("pins", session, "--host", "missing.example") == Exit.USAGE
    assert "missing.example is not in this report; seen were: api.example.com" in capsys.readouterr().err


def test_without_a_first_party_it_asks(tmp_path: Path, capsys: Output) -> None:
    session = fresh(tmp_path, *HOSTS, first_party=())
    assert run("pins", session) == Exit.USAGE
    said = capsys.readouterr()
    assert said.out == "" and "Name yours: --host api.example.com." in said.err and "metrics.example.net" in said.err
    assert run("pins", session, "--host", "API.example.com") == Exit.DONE
    assert "somebody else's" not in capsys.readouterr().err  # com.example.app suggests it


def test_no_key_is_made_where_no_pin_set_can_be(tmp_path: Path, capsys: Output) -> None:
    address = fresh(tmp_path, "192.0.2.1", first_party=("192.0.2.1",))
    assert run("pins", address, "--backup-key", tmp_path / "key.pem") == Exit.NOTHING_OBSERVED
    assert not (tmp_path / "key.pem").exists()


def test_a_folder_that_holds_no_report_is_no_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    (tmp_path / "reports").mkdir()
    monkeypatch.chdir(tmp_path)
    assert run("pins", "reports") == Exit.UNREADABLE
    assert "cannot be read" in capsys.readouterr().err


def test_backup_pins_by_hand_win_over_the_sessions(tmp_path: Path, capsys: Output) -> None:
    other = "5kJvNEMw0KjrCAu7eXY5HZdvyCS13BbA0VJG1RSP91w="
    session = fresh(tmp_path, *HOSTS, backup_pins=(OWN,))
    assert run("pins", session) == Exit.DONE
    assert read(capsys.readouterr().out)[0][2][1] == OWN
    assert run("pins", session, "--backup-pin", f"sha256/{other}") == Exit.DONE
    assert read(capsys.readouterr().out)[0][2][1:] == [other]


def test_an_old_report_is_named_and_one_that_ended_is_refused(tmp_path: Path, capsys: Output) -> None:
    assert run("pins", fresh(tmp_path / "a", *HOSTS, age_days=40)) == Exit.DONE
    assert "warning: the chains were seen on" in capsys.readouterr().err
    assert run("pins", fresh(tmp_path / "b", *HOSTS, age_days=100)) == Exit.UNREADABLE
    said = capsys.readouterr()
    assert said.out == "" and "has ended: ask the server now, pinprobe pins api.example.com." in said.err


def test_nothing_to_pin(tmp_path: Path, capsys: Output) -> None:
    assert run("pins", made(tmp_path / "reports", make.journal(), "s1")) == Exit.NOTHING_OBSERVED
    assert "no endpoint reached the proxy" in capsys.readouterr().err
    address = fresh(tmp_path / "other", "192.0.2.1", first_party=("192.0.2.1",))
    assert run("pins", address) == Exit.NOTHING_OBSERVED
    said = capsys.readouterr()
    assert said.out == "" and "it is an address" in said.err and "no pin set can be made" in said.err


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        ("missing.json", Exit.UNREADABLE, "cannot be read"),
        ("no/such/folder", Exit.UNREADABLE, "cannot be read"),
        ("https://example.com", Exit.UNREADABLE, "cannot be read"),
        ("a b", Exit.USAGE, "there is no such file"),
    ],
)
def test_targets_that_are_none(target: str, code: Exit, said: str, capsys: Output) -> None:
    assert run("pins", target) == code
    assert said in capsys.readouterr().err


def test_options_that_do_not_fit_together(session: Path, capsys: Output) -> None:
    assert run("pins", session, "--port", "443") == Exit.USAGE
    assert "are for a host" in capsys.readouterr().err
    assert run("pins", "example.com", "--host", "example.com") == Exit.USAGE
    assert "--host is for a report" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [[], ["x", "--format", "y"], ["x", "--backup-pin", "y"], ["x", "--port", "0"], ["x", "--port", "x"], ["x", "--host", "a b"]],
)  # fmt: skip
def test_wrong_usage(wrong: list[str], capsys: Output) -> None:
    assert run("pins", *wrong) == Exit.USAGE
    assert "usage: pinprobe pins" in capsys.readouterr().err


def test_it_needs_no_cryptography_for_a_report(session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pinprobe.x509", None)
    assert run("pins", session) == Exit.DONE
