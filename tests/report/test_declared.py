"""Declared against enforced, in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import builders as make
from tests.report.samples import declared_distrust, every_declaration, every_verdict, hostile, report_of

from pinprobe.report import html
from pinprobe.report.declared import Agreement, agreement, app_facts, app_words, declared_view, some
from pinprobe.report.model import EndpointReport, Report

WORLD = every_declaration()


def at(report: Report, host: str) -> EndpointReport:
    return next(one for one in report.endpoints if one.judgement.endpoint.host == host)


AGREEMENTS = {
    "api.example.com": Agreement.BOTH,
    "login.example.com": Agreement.NOT_DECLARED,
    "old.example.com": Agreement.NOT_ENFORCED,
    "side.example.com": Agreement.NOT_ENFORCED,
    "www.example.com": Agreement.NEITHER,
    "new.example.com": Agreement.NOT_KNOWN,
}


@pytest.mark.parametrize("host", AGREEMENTS)
def test_agreements(host: str) -> None:
    one = at(WORLD, host)
    assert agreement(one.declared, one.judgement) is AGREEMENTS[host]


def test_a_refusal_of_unproven_cause_enforces_nothing_that_is_known() -> None:
    one = at(declared_distrust(), "api.example.com")
    assert agreement(one.declared, one.judgement) is Agreement.NOT_KNOWN
    view = declared_view(one.declared, one.judgement, make.START_S)
    assert view is not None and view.words.endswith("in force, but the proxy's CA is not trusted, so none is reached.")
    bare = at(every_verdict(), "api.example.com")
    assert agreement(bare.declared, bare.judgement) is Agreement.NOT_KNOWN


def test_pins_in_force_that_a_refusal_after_the_handshake_does_not_show() -> None:
    """The leaf's pin in the code is a declaration too."""
    report = report_of(
        make.package(code_pins=(make.code_pin(),)),
        make.declares(),
        *[make.pinned_after_handshake()] * 3,
        *[make.relayed_ok()] * 3,
        *[make.refused_alert(probe_id="unknown_ca")] * 2,
    )
    one = at(report, "api.example.com")
    assert agreement(one.declared, one.judgement) is Agreement.BOTH


def test_each_pin_with_its_element_and_days() -> None:
    one = at(WORLD, "api.example.com")
    view = declared_view(one.declared, one.judgement, make.START_S)
    assert view is not None
    assert view.words == "domain-config api.example.com, set until 2024-01-13: pins are in force."
    assert view.pins == (
        (make.CA_PIN, "intermediate, valid until 2024-03-13 (120 days)"),
        (make.OTHER_PIN, "none of the served chain"),
    )
    assert "a pin in assets/pins.json is that of the intermediate" in view.beside
    assert "a backup pin, which matches nothing served now" in view.beside
    alone = at(WORLD, "old.example.com")
    view = declared_view(alone.declared, alone.judgement, make.START_S)
    assert view is not None and "no backup pin" in view.beside


def test_without_a_package_nothing_is_shown() -> None:
    one = at(every_verdict(), "api.example.com")
    assert declared_view(one.declared, one.judgement, 0.0) is None
    assert "Declared against enforced" not in html.render(every_verdict())
    assert "Declared against enforced" in html.render(WORLD)


def test_facts_of_the_app() -> None:
    assert WORLD.declared is not None
    hosts = [one.judgement.endpoint.host for one in WORLD.endpoints]
    facts = dict(app_facts(WORLD.declared, hosts))
    assert facts["pins declared, host never contacted"] == "pay.example.com"
    assert facts["libraries"] == "OkHttp"
    assert app_words(WORLD.declared) == "com.example.app 4.2.0"
    assert app_facts(None, hosts) == ()
    page = html.render(WORLD)
    assert "emulator, API level 34, com.example.app 4.2.0" in page


def test_many_names_are_counted() -> None:
    assert some([f"h{number}" for number in range(15)]).endswith("h11 and 3 more")


def test_a_row_stays_small_and_hostile_words_do_not_make_it_large(tmp_path: Path) -> None:
    page = html.render(WORLD)
    assert len(page.encode()) < 80_000
    for text in ("x" * 65536, "<script>"):
        one = hostile(text).endpoints[0]
        view = declared_view(one.declared, one.judgement, 0.0)
        assert view is None or all(len(part) < 3000 for pin in view.pins for part in pin)
