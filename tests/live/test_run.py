"""pinprobe run, end to end: the real command and a real mitmdump, a fake adb, and an app that is a real TLS client which
trusts what the fake device's stores hold."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.android.fake_adb import models
from tests.android.fake_adb.models import PACKAGE
from tests.android.fake_adb.phone import opened
from tests.device.phones import Bench, write_program
from tests.live.play import Json
from tests.live.world import ROOT, World, free_port
from tests.waiting import eventually

from pinprobe.device.ca_system import install_system
from pinprobe.device.errors import DeviceError
from pinprobe.running.interrupts import Interrupts
from pinprobe.running.plan import PARTS, Plan
from pinprobe.running.proxy import port_is_free
from pinprobe.running.session import Stage, require_still_there
from standin.proxy import LOOPBACK_DNS

pytestmark = pytest.mark.live

SUBJECT, CANARY = "subject.shop.test", "canary.shop.test"


@dataclass(slots=True, kw_only=True)
class Stand:
    """A fake device with an app, and what the command needs around it."""

    world: World
    folder: Path
    phone: Path
    port: int
    environment: dict[str, str]

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    def command(self, *arguments: str) -> list[str]:
        return [
            *(sys.executable, "-m", "pinprobe", "run", PACKAGE, "--yes", "--port", str(self.port)),
            *("--reports", str(self.reports), "--confdir", str(self.world.folder / "confdir"), *arguments),
            *("--script", str(LOOPBACK_DNS), "--set", f"ssl_verify_upstream_trusted_ca={self.world.upstream_trust}"),
        ]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, check=False, env=self.environment, timeout=120
        )

    def end_app(self) -> None:
        """An app's own process is nothing that was changed on the device."""
        command = [self.environment["PATH"].partition(":")[0] + "/adb", "shell", f"am force-stop {PACKAGE}"]
        subprocess.run(command, env=self.environment, check=True)

    def restore(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pinprobe", "device", "restore"],
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
        )

    def device(self) -> Json:
        """All of it but numbers."""
        with opened(self.phone) as phone:
            document: Json = phone.d
        return {key: value for key, value in document.items() if key not in {"next", "restarting"}}

    def clients(self) -> list[Path]:
        """What running apps have said so far, where they have said something."""
        return [path for path in (self.folder / "phones").glob("*.said") if path.stat().st_size]

    def phase(self) -> str:
        """The last one that a running session was told."""
        lines = [line for path in self.reports.glob("*/*/journal.jsonl") for line in path.read_text().splitlines()]
        marks = [event["phase"] for event in map(json.loads, lines) if event["type"] in {"Marked", "SessionStarted"}]
        return marks[-1] if marks else ""


def client(host: str, technique: str) -> Json:
    return {"client": "python_ssl", "job": {"host": host, "technique": technique, "attempts": 2000, "pause_s": 0.1}}


@pytest.fixture
def stand(world: World, tmp_path: Path) -> Callable[..., Stand]:
    def made(api: int = 34, **of_phone: Any) -> Stand:
        pin = world.leaf_of(SUBJECT).pin
        pinned = client(SUBJECT, "pin")
        pinned["job"]["pin"] = pin
        app = models.package(clients=[pinned, client(CANARY, "none")])
        roots = [identity.chain_path.read_text() for identity in world.pki.roots]
        phone = models.phone(tmp_path / "phones", api, **{"roots": roots, "packages": {PACKAGE: app}, **of_phone})
        return Stand(
            world=world,
            folder=tmp_path,
            phone=phone,
            port=free_port(),
            environment={
                **os.environ,
                "PATH": f"{write_program(tmp_path / 'bin').parent}:{os.environ['PATH']}",
                "FAKE_ADB": str(tmp_path / "phones"),
                "PINPROBE_STATE": str(tmp_path / "state"),
                "PYTHONPATH": str(ROOT / "addon"),
                "STANDIN_HOSTS": json.dumps(
                    {SUBJECT: ("127.0.0.1", world.hosts[SUBJECT]), CANARY: ("127.0.0.1", world.hosts[CANARY])}
                ),
            },
        )

    return made


def verdicts(report: Path) -> dict[str, tuple[str, str]]:
    document = json.loads(report.read_text(encoding="utf-8"))
    return {one["endpoint"]["host"]: (one["verdict"], one["rule_id"]) for one in document["endpoints"]}


def verdict(report: Path) -> dict[str, str]:
    return {host: said[0] for host, said in verdicts(report).items()}


def test_three_runs_in_one_command(stand: Callable[..., Stand]) -> None:
    """The app trusts the system store alone. One run in the user store looks like a pin everywhere; together they do not."""
    s = stand(34)
    before = s.device()
    done = s.run("--runs", "R0,R2,R3", "--seconds", "3.5", "--idle", "0.5")
    assert done.returncode == 0, done.stdout + done.stderr
    assert s.device() == before
    assert not list((s.folder / "state").iterdir())
    (joint,) = s.reports.glob("*/runs-*/report.json")
    assert f"report: {joint.with_name('report.html')}" in done.stdout
    assert verdicts(joint)[CANARY] == ("unpinned", "distrusts_user_cas"), done.stdout
    assert verdicts(joint)[SUBJECT][0] == "pinned"
    sessions = sorted(path for path in s.reports.glob("*/*/report.json") if path != joint)
    assert len(sessions) == 3
    assert verdict(sessions[2]) == {SUBJECT: "pinned", CANARY: "unpinned"}
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sessions]
    assert [one["session"]["ca_store"] for one in documents] == ["none", "user", "system"]
    for file in s.reports.rglob("*"):
        assert not file.is_file() or models.SERIAL not in file.read_text(errors="replace"), f"the serial is in {file}"


def test_stopped_by_ctrl_c_it_puts_back_and_reports(stand: Callable[..., Stand]) -> None:
    """Where mitmproxy never ran: it makes its CA at this start. A phone, by adb reverse."""
    s = stand(30, emulator=False, serial="R58M123")
    before = s.device()
    running = s.start("--seconds", "60", "--idle", "0", "--confdir", str(s.folder / "new"))
    assert eventually(lambda: s.phase() == "control" and len(s.clients()) == 2, 60)
    assert s.device() != before
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=150)
    assert running.returncode == 5, said
    assert s.device() == before
    assert "Stopped before its end." in said and "report: " in said and CANARY in said


def test_killed_it_leaves_the_way_back(stand: Callable[..., Stand]) -> None:
    s = stand(36)
    before = s.device()
    running = s.start("--seconds", "60", "--idle", "0")
    assert eventually(lambda: s.device()["mounts"]["init"], 60)
    running.kill()
    running.communicate()
    changed = s.device()
    assert changed != before
    assert eventually(lambda: list(s.reports.glob("*/*/report.json")) and port_is_free(s.port), 60), "mitmdump goes on"
    done = s.restore()
    assert done.returncode == 0, done.stdout + done.stderr
    s.end_app()
    assert s.device() == before


def test_an_app_that_crashes_at_its_start(stand: Callable[..., Stand]) -> None:
    s = stand(23, packages={PACKAGE: models.package(crashes=True)})
    before = s.device()
    done = s.run("--idle", "0")
    assert done.returncode == 5, done.stdout
    assert f"{PACKAGE} crashed at its start" in done.stderr
    assert s.device() == before


def test_the_device_is_lost_in_the_midst(stand: Callable[..., Stand]) -> None:
    s = stand(33)
    before = s.device()
    running = s.start("--seconds", "60", "--idle", "0")
    assert eventually(s.clients, 60)
    faults = s.folder / "phones" / "faults.json"
    faults.write_text(json.dumps({"lost_after": 0}))
    said, _ = running.communicate(timeout=150)
    assert running.returncode == 5
    assert "The device could not be put back" in said and "pinprobe device restore" in said and "report: " in said
    faults.unlink()
    assert s.restore().returncode == 0
    s.end_app()
    assert s.device() == before


def test_a_ca_that_is_gone_by_the_end_is_said(tmp_path: Path) -> None:
    """As after a crash of a zygote, whose successor sees none of the mounts."""
    bench = Bench(tmp_path, tmp_path / "confdir", 34)
    part = PARTS["R3"]
    plan = Plan(
        package=PACKAGE,
        parts=(part,),
        idle_s=0.0,
        seconds=1.0,
        explore="none",
        via="proxy",
        port=8080,
        anywhere=False,
        reports=tmp_path,
        confdir=bench.confdir,
        clear=False,
        by_hand=False,
        options=(),
        arguments=(),
    )
    stage = Stage(
        plan=plan,
        device=bench.device,
        facts=bench.facts,
        keeper=lambda: bench.keeper,
        addon=tmp_path,
        say=print,
        mark=lambda folder, phase: None,
        interrupts=Interrupts(),
        tunnel=lambda: None,
    )
    install_system(bench.keeper, bench.facts, bench.authority, bench.pem, print)
    require_still_there(stage, part)
    require_still_there(stage, PARTS["R1"])
    bench.edit(lambda document: document["mounts"].update(zygote64=[]))
    with pytest.raises(DeviceError, match=r"no longer in .* in zygote 300, .*verdicts do not hold"):
        require_still_there(stage, part)
