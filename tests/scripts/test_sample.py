"""The committed sample: rebuilt byte for byte from its journal, and like what the demo gives today."""

from __future__ import annotations

import getpass
import json
import socket
from itertools import pairwise
from pathlib import Path

import pytest
from tests import builders as make
from tests.report.samples import every_verdict

from demonstration.cast import wanted
from pinprobe.events import ServerChainSeen, SessionStarted
from pinprobe.journal import JournalReader
from pinprobe.report.faces import FACES, counted
from pinprobe.report.json_format import document
from sampling.gist import gist
from sampling.normal import SESSION_ID, STARTED_S, normalised
from sampling.record import JOURNAL, ROOT, SAMPLE, rebuilt, recorded, report_in, write_journal, write_report
from standin.clients import CLIENTS

PAGES = ("report.html", "report.json")


@pytest.mark.parametrize("name", PAGES)
def test_it_is_what_its_journal_gives(name: str, update_golden: bool) -> None:
    if update_golden:
        write_report(SAMPLE)
    assert (SAMPLE / name).read_bytes().decode("utf-8") == rebuilt(SAMPLE)[name]


def test_every_verdict_is_shown() -> None:
    assert [face.id for face, number in counted(report_in(SAMPLE).endpoints) if number] == [face.id for face in FACES]


def test_nothing_of_the_machine_is_in_it() -> None:
    names = {getpass.getuser(), socket.gethostname().split(".")[0]} - {"root", "localhost"}
    for name in (JOURNAL, *PAGES):
        text = (SAMPLE / name).read_text(encoding="utf-8")
        found = [
            word for word in ("/tmp/", "/home/", "/root", "/Users/", "127.0.0.1", str(ROOT), *names) if word in text
        ]
        assert found == []


def test_its_journal_is_normal() -> None:
    events = list(JournalReader(SAMPLE / JOURNAL))
    assert events == normalised(events)


def test_normalising_keeps_the_story() -> None:
    events = make.journal(make.refused_alert(), make.relayed_ok(), at_s=1_800_000_000.0)
    normal = normalised(events)
    first = normal[0]
    assert isinstance(first, SessionStarted)
    assert (first.at_s, first.session_id) == (STARTED_S, SESSION_ID)
    assert [type(one) for one in normal] == [type(one) for one in events]
    gaps = [[b.at_s - a.at_s for a, b in pairwise(these)] for these in (events, normal)]
    assert gaps[0] == pytest.approx(gaps[1], abs=1e-4)


def test_equal_digests_stay_equal_and_none_is_left() -> None:
    events = [one for one in make.journal(*[make.relayed_ok()] * 2, make.chain_known("h")) if one.at_s]
    before = [one for one in events if isinstance(one, ServerChainSeen)]
    after = [one for one in normalised(events) if isinstance(one, ServerChainSeen)]
    assert len({one.chain_id for one in before}) == len({one.chain_id for one in after})
    pins = [[c.pin_sha256 for one in these for c in one.chain] for these in (before, after)]
    assert not set(pins[0]) & set(pins[1]) and len(set(pins[0])) == len(set(pins[1]))


def test_the_gist_names_what_decided() -> None:
    of = gist(document(every_verdict()))
    assert of["ads.example.org:443"]["rule_id"] == "accepts_untrusted"
    assert "present" in of["ads.example.org:443"]["signals"].values()
    assert of["connectivity.example:443"]["signals"] == {}


@pytest.mark.live
def test_the_demo_gives_the_same_today(tmp_path: Path) -> None:
    absent = [missing for name in wanted() if (missing := CLIENTS[name].missing())]
    if absent:
        pytest.skip(f"the sample has every client in it: install {', '.join(absent)}")
    write_journal(recorded(), tmp_path)
    today = json.loads(rebuilt(tmp_path)["report.json"])
    committed = json.loads((SAMPLE / "report.json").read_text(encoding="utf-8"))
    assert gist(today) == gist(committed)
    assert {one["id"] for one in today["findings"]} == {one["id"] for one in committed["findings"]}
