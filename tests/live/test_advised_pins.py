"""Advised pins in a real OkHttp: the genuine chain passes its CertificatePinner, the proxy's does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.advice.kotlin import pins_in
from tests.advice.made import OWN
from tests.cli.disk import Output, run
from tests.live.conftest import need
from tests.live.trap import trap
from tests.live.world import World

from pinprobe.cli import Exit

pytestmark = pytest.mark.live

HOST = "subject.shop.test"


def test_okhttp_takes_the_advised_pins(world: World, tmp_path: Path, capsys: Output) -> None:
    need("okhttp")
    options = {"pinprobe_first_party": HOST, "pinprobe_public_roots": str(world.upstream_trust)}
    with trap(world, tmp_path / "before", options=options) as before:
        assert [one.result for one in before.run("okhttp", attempts=3)] == ["response"] * 3
    (folder,) = (tmp_path / "before").glob("*/*/report.json")
    assert run("pins", folder, "--format", "okhttp") == Exit.DONE
    advised = pins_in(capsys.readouterr().out)
    assert advised == {HOST: [f"sha256/{one.pin}" for one in (world.pki.intermediate_a, world.pki.root)]}
    pins = ",".join(pin.removeprefix("sha256/") for pin in advised[HOST])
    with trap(world, tmp_path / "after", options={"pinprobe_backup_pins": f"sha256/{OWN}"}) as after:
        attempts = after.run("okhttp", attempts=8, technique="pin", pin=pins)
    assert after.report()["session"]["backup_pins"] == [OWN]
    endpoint = after.endpoint(HOST)
    intercepted = endpoint["outcomes"]["trusted_ca"]
    assert endpoint["verdict"] == "pinned" and set(intercepted) == {"closed_without_data"}
    worked = [one for one in attempts if one.result == "response"]
    pinned = [one for one in attempts if (one.result, one.stage) == ("refused", "check")]
    assert worked and len(worked) == sum(endpoint["outcomes"]["relay"].values())
    assert pinned and len(pinned) == sum(intercepted.values())
