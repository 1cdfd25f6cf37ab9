"""Several clients of one app at once: what each does must not be taken for what another does."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.live.conftest import need
from tests.live.trap import trap
from tests.live.world import World
from tests.waiting import eventually

pytestmark = pytest.mark.live


@pytest.mark.parametrize("alpn", ["http/1.1", "h2"])
def test_spare_sockets_beside_a_page(world: World, tmp_path: Path, alpn: str) -> None:
    """Browsers open connections that they never use, and close them soon: no refusals."""
    with trap(world, tmp_path) as t:
        page = t.start(attempts=1000, alpn=alpn)
        assert eventually(lambda: t.events("RequestSeen"))
        t.run(technique="idle", hold_s=0.3, attempts=8, alpn=alpn)
        page.stop()
    endpoint = t.endpoint("subject.shop.test")
    assert endpoint["verdict"] == "unpinned", endpoint["reason"]


def test_cleartext_as_a_habit_is_no_fallback(world: World, tmp_path: Path) -> None:
    """An app that asks in cleartext all the time does not do so because it was refused."""
    with trap(world, tmp_path) as t:
        habit = t.start(technique="cleartext", attempts=60)
        t.run(technique="pin", attempts=14)
        habit.stop()
    endpoint = t.endpoint("subject.shop.test")
    assert endpoint["verdict"] == "pinned", endpoint["reason"]


def test_two_stacks_on_one_host_are_told_apart(world: World, tmp_path: Path) -> None:
    """One part of the app pins, another does not: neither word alone is true of the endpoint."""
    need("curl")
    with trap(world, tmp_path) as t:
        pinned = t.start("curl", technique="pin", attempts=12, tls="1.2")
        t.run(attempts=12, tls="1.3")
        pinned.wait()
    endpoint = t.endpoint("subject.shop.test")
    assert endpoint["verdict"] == "suspicious", endpoint["reason"]
    verdicts = {stack["verdict"] for stack in endpoint["stacks"]}
    assert len(endpoint["stacks"]) == len(verdicts) == 2, endpoint["stacks"]
    assert "unpinned" in verdicts


def test_sdk_that_trusts_everything_is_found_out(world: World, tmp_path: Path) -> None:
    """It is asked to vouch for its stack, shown a CA nobody trusts, and accepts that as well."""
    with trap(world, tmp_path) as t:
        sdk = t.start(technique="trust-all", host="canary.shop.test", attempts=20)
        t.run(technique="anchors", attempts=12)
        sdk.wait()
    endpoint = t.endpoint("canary.shop.test")
    assert (endpoint["verdict"], endpoint["rule_id"]) == ("unpinned", "accepts_untrusted")
    assert endpoint["confidence"] == "confirmed"
    assert any(f["level"] == "error" for f in t.report()["findings"])


def test_apps_that_share_a_proxy_without_a_name_go_to_unattributed(world: World, tmp_path: Path) -> None:
    with trap(world, tmp_path, app="") as t:
        t.run(attempts=3)
    assert [path.parent.parent.name for path in tmp_path.glob("*/*/report.json")] == ["unattributed"]
    assert t.report()["app"]["id"] == "unattributed"
    assert t.endpoint("subject.shop.test")["endpoint"]["app"] == "unattributed"
