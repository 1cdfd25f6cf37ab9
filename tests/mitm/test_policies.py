"""A policy given to the proxy: checked before anything begins, answered in every report of the session."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from mitmproxy import exceptions
from tests.config.words import settings
from tests.mitm.hooks import of, stage

from pinprobe import events as ev
from pinprobe.cli import main
from pinprobe.config import ConfigError
from pinprobe.mitm.policies import policy_in

TEXT = "version: 1\napp: com.example.app\ncoverage: [gone.example.com]\n"


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    return str(path)


def test_none_is_none(tmp_path: Path) -> None:
    assert policy_in(settings()) is None


@pytest.mark.parametrize("app", ["", "com.example.app"])
def test_a_policy_of_this_app_or_where_no_app_is_named(tmp_path: Path, app: str) -> None:
    found = policy_in(settings(policy=written(tmp_path, TEXT), app=app))
    assert found is not None and found.name == "policy.yaml"


def test_a_policy_of_another_app_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"it is about com\.example\.app, and pinprobe_app is other; name the policy"):
        policy_in(settings(policy=written(tmp_path, TEXT), app="other"))


def test_a_bad_one_is_refused_at_the_start_with_the_fix(tmp_path: Path) -> None:
    bad = written(tmp_path, "version: 1\nexpect: [{host: a, verdict: pined}]\n")
    with pytest.raises(
        exceptions.OptionsError, match=r"policy\.yaml:2: expect\.verdict: .* use one of pinned"
    ) as caught:
        with stage(tmp_path / "reports", begun=False, policy=bad):
            pass
    assert caught.value.__cause__ is None


def test_every_report_of_the_session_has_the_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    policy = written(tmp_path, TEXT)
    caplog.set_level(logging.INFO)
    with stage(tmp_path / "reports", policy=policy, formats=["junit,markdown"]) as s:
        visit = s.visit()
        visit.hello()
        visit.closed()
        (tmp_path / "policy.yaml").write_text("not a policy any more")
        s.running.configure(s.addon, http2=False)
        s.running.configure(s.addon, pinprobe_phase="control")
        s.end()
    (folder,) = (tmp_path / "reports" / "com.example.app").iterdir()
    assert {path.name for path in folder.iterdir()} == {
        "journal.jsonl",
        "report.html",
        "report.json",
        "report.junit.xml",
        "report.md",
    }
    ruling = json.loads((folder / "report.json").read_text())["policy"]
    assert (ruling["file"], ruling["standing"]) == ("policy.yaml", "broken")
    assert "Policy broken: 1 of 2 checks failed" in caplog.text
    assert "Policy broken: 1 of 2 checks failed" in (folder / "report.html").read_text()


def test_rebuilt_with_the_same_policy_the_report_is_the_same(tmp_path: Path) -> None:
    policy = written(tmp_path, TEXT)
    with stage(tmp_path / "reports", policy=policy) as s:
        s.visit().hello()
        s.end()
    (folder,) = (tmp_path / "reports" / "com.example.app").iterdir()
    assert main(["report", str(folder), "--policy", policy, "--out", str(tmp_path / "again")]) in {0, 3}
    for name in ("report.html", "report.json"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_its_first_party_hosts_count_while_recording(tmp_path: Path) -> None:
    text = "version: 1\nfirst_party: [example.com, example.net]\n"
    with stage(tmp_path / "r", policy=written(tmp_path, text), first_party=["example.net", "example.org"]) as s:
        (started,) = of(ev.SessionStarted, s.end())
    assert started.first_party == ("example.net", "example.org", "example.com")
