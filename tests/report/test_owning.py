"""The device's own traffic, and the guess at the developer's own domain."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.report.samples import report_of

from pinprobe.events import CONNECTIVITY
from pinprobe.evidence import evidence_of
from pinprobe.report.model import Report
from pinprobe.report.owning import guessed_domain

YES = b.accepted()


def known(*hosts: tuple[str, str, str | None]) -> list[Events]:
    return [b.host_known(host, domain, category=category) for host, domain, category in hosts]


def apart(report: Report) -> set[str]:
    return {one.judgement.endpoint.host for one in report.endpoints if one.owner.devices_own}


@pytest.mark.parametrize(
    ("category", "port", "own"),
    [
        ("os", 443, True),
        ("oem", 443, True),
        ("pki", 443, True),
        ("google-play-services", 443, True),
        ("push", 5228, True),
        ("push", 443, False),
        ("browser", 443, False),
        ("backend", 443, False),
        ("cdn", 443, False),
        ("analytics", 443, False),
        (None, 443, False),
    ],
)
def test_by_the_catalog(category: str | None, port: int, own: bool) -> None:
    host = "host.example.net"
    report = report_of(*known((host, "example.net", category)), b.accepted(host, port=port), YES)
    assert apart(report) == ({host} if own else set())
    assert report.summary.endpoints == (1 if own else 2) and report.summary.devices_own == own
    assert report.endpoints[-1].owner.devices_own == own


def test_what_the_user_calls_first_party_is_the_apps() -> None:
    hosts = known(("api.maker.example", "maker.example", "oem"))
    report = report_of(*hosts, b.accepted("api.maker.example"), first_party=("maker.example",))
    assert not apart(report)


def test_a_host_that_is_only_looked_at_for_a_captive_portal() -> None:
    report = report_of(b.cleartext("portal.example.net", purpose=CONNECTIVITY), YES)
    assert apart(report) == {"portal.example.net"}


def test_the_totals_leave_it_out_and_say_so() -> None:
    os = known(("ntp.example.net", "example.net", "os"))
    report = report_of(*os, b.accepted("ntp.example.net"), YES, YES)
    assert report.summary.sentence == (
        "1 of 1 endpoint accepts the proxy's certificate. 1 endpoint is the device's own and not counted."
    )
    alone = report_of(*os, b.accepted("ntp.example.net"))
    assert alone.summary.sentence == (
        "No TLS connection of the app reached the proxy. This says nothing about pinning. 1 endpoint is the device's own "
        "and not counted."
    )
    assert "nothing_observed" in {notice.id for notice in alone.notices}


def test_what_the_device_accepts_says_nothing_of_the_app() -> None:
    os = known(("ntp.example.net", "example.net", "os"))
    report = report_of(*os, b.accepted("ntp.example.net"), *[b.refused_alert()] * 3, *[b.relayed_ok()] * 3)
    assert "ca_never_trusted" in {notice.id for notice in report.notices}


GUESSES: dict[str, tuple[str, list[tuple[str, str, str | None]], str | None]] = {
    "the package's own": (
        "com.example.shop",
        [("api.example.com", "example.com", None), ("cdn.other.net", "other.net", None)],
        "example.com",
    ),
    "under another suffix": ("com.example.shop", [("api.example.io", "example.io", None)], "example.io"),
    "its own before another suffix": (
        "com.example.shop",
        [*[(f"h{n}.example.io", "example.io", None) for n in range(9)], ("example.com", "example.com", None)],
        "example.com",
    ),
    "a country's second level": ("uk.co.example.app", [("www.example.co.uk", "example.co.uk", None)], "example.co.uk"),
    "the same under another suffix": ("uk.co.example.app", [("www.example.com", "example.com", None)], "example.com"),
    "written with a dash": ("com.my_shop.app", [("api.my-shop.com", "my-shop.com", None)], "my-shop.com"),
    "a big one's own app": ("com.social.app", [("api.social.com", "social.com", "social")], "social.com"),
    "somebody else's name": ("com.example.shop", [("api.example.io", "example.io", "analytics")], None),
    "a platform of all": ("com.platform.app", [("x.platform.com", "platform.com", "backend")], None),
    "an account at a hoster": ("com.github.someone", [("api.github.com", "github.com", None)], None),
    "nothing alike": ("com.example.shop", [("api.other.net", "other.net", None)], None),
    "a name within a name": ("com.ample.shop", [("api.example.com", "example.com", None)], None),
    "too short": ("com.ab.shop", [("ab.io", "ab.io", None)], None),
    "too common": ("com.mobile.shop", [("mobile.io", "mobile.io", None)], None),
    "no package": ("Shop", [("shop.com", "shop.com", None)], None),
    "an address": ("com.example.shop", [("203.0.113.7", "203.0.113.7", None)], None),
}


@pytest.mark.parametrize(("app", "hosts", "domain"), GUESSES.values(), ids=GUESSES.keys())
def test_the_guess(app: str, hosts: list[tuple[str, str, str | None]], domain: str | None) -> None:
    evidence = evidence_of(b.journal(*known(*hosts), *[b.accepted(host) for host, _, _ in hosts], app_id=app))
    assert guessed_domain(evidence, app) == domain


def test_nothing_is_guessed_beside_the_users_word_and_nothing_of_hosts_that_were_not_seen() -> None:
    hosts = known(("api.example.com", "example.com", None))
    named = evidence_of(b.journal(*hosts, YES, app_id="com.example.shop", first_party=("other.net",)))
    unseen = evidence_of(b.journal(*hosts, b.accepted("other.net"), app_id="com.example.shop"))
    assert guessed_domain(named, "com.example.shop") is None and guessed_domain(unseen, "com.example.shop") is None


def test_a_guess_is_a_note_that_says_so_and_never_more() -> None:
    pinned = [*[b.refused_alert("pin.example.com")] * 3, *[b.relayed_ok("pin.example.com")] * 3]
    hosts = known(("api.example.com", "example.com", None), ("pin.example.com", "example.com", None))
    report = report_of(*hosts, YES, YES, *pinned, *[b.refused_unknown_ca("api.example.com")] * 3, ca_store="system")
    owners = {one.judgement.endpoint.host: one.owner for one in report.endpoints}
    assert owners["api.example.com"].first_party_guessed and not owners["api.example.com"].first_party
    found = [finding for finding in report.findings if finding.id in {"PIN-101", "PIN-102"}]
    assert [(one.id, one.level.value) for one in found] == [("PIN-101", "note")]
    assert "guessed to be first party" in found[0].evidence
