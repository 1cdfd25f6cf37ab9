"""Whose a fact is: the app's that it was attributed to, else the one that was declared, else nobody's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests import builders as b
from tests.builders import START_S, Events, journal
from tests.rooms import HOST, all_judged, said

from pinprobe import events as ev
from pinprobe.attempts import UNATTRIBUTED
from pinprobe.evidence import evidence_of

ONE, TWO = "com.example.one", "com.example.two"


def apps(*connections: Events, app_id: str | None = None) -> list[tuple[str, str, int, int]]:
    evidence = evidence_of(journal(*connections, app_id=app_id))
    return [(e.app_id, e.host, e.port, len(about.contacts.kept)) for e, about in sorted(evidence.endpoints.items())]


def test_two_apps_on_one_host_are_two_endpoints() -> None:
    mine, theirs = b.attributed(ONE, b.accepted()), b.attributed(TWO, b.refused_alert())
    assert apps(mine, theirs, mine) == [(ONE, HOST, 443, 2), (TWO, HOST, 443, 1)]


def test_attribution_wins_over_the_option() -> None:
    assert apps(b.attributed(ONE, b.accepted()), b.accepted(), app_id=TWO) == [
        (ONE, HOST, 443, 1),
        (TWO, HOST, 443, 1),
    ]


@pytest.mark.parametrize(
    ("connection", "host", "port"),
    [
        (b.cleartext(), HOST, 80),
        (b.quic(HOST), HOST, 443),
        ([b.began()[0], b.server_chain()], HOST, 443),
        ([b.began()[0], b.policy_header()], HOST, 443),
    ],
    ids=["cleartext", "QUIC", "a chain without hello", "a header"],
)
def test_every_kind_of_fact_is_its_apps(connection: Events, host: str, port: int) -> None:
    found = apps(b.attributed(ONE, connection))
    assert [(app, *where) for app, *where, _ in found] == [(ONE, host, port)]


def late(connection: Events, after: type[ev.Event], app_id: str = ONE) -> Events:
    """The connection, attributed to this app right after the first fact of this kind."""
    at = next(number for number, event in enumerate(connection, 1) if isinstance(event, after))
    named = ev.AppAttributed(at_s=connection[at - 1].at_s, connection_id=0, app_id=app_id, source_id="test")
    return [*connection[:at], named, *connection[at:]]


BEFORE_THE_OUTCOME = [ev.ConnectionOpened, ev.ClientHelloSeen, ev.ProbeApplied, ev.CertificateSent]


@pytest.mark.parametrize("app_id", [None, TWO])
@pytest.mark.parametrize("after", BEFORE_THE_OUTCOME, ids=lambda kind: kind.__name__)
def test_attribution_before_the_outcome_moves_what_was_filed(after: type[ev.Event], app_id: str | None) -> None:
    """And leaves no empty twin behind."""
    events = journal(late(b.refused_alert(), after), app_id=app_id)
    ((where, about),) = evidence_of(events).endpoints.items()
    assert (where.app_id, where.host) == (ONE, HOST)
    assert [contact.connection_id for contact in about.contacts.kept] == [1]
    assert about.stacks[b.CONSCRYPT].refusals == 1


@pytest.mark.parametrize("after", [ev.HandshakeFailed, ev.ConnectionClosed])
def test_attribution_after_the_outcome_changes_nothing(after: type[ev.Event]) -> None:
    events = journal(late(b.refused_alert(), after), app_id=TWO)
    ((where, about),) = evidence_of(events).endpoints.items()
    assert (where.app_id, len(about.contacts.kept), about.stacks[b.CONSCRYPT].refusals) == (TWO, 1, 1)


def test_attribution_after_the_first_bytes_changes_nothing() -> None:
    events = journal(late(b.accepted(), ev.ApplicationDataSeen), app_id=TWO)
    assert [(where.app_id, len(about.contacts.kept)) for where, about in evidence_of(events).endpoints.items()] == [
        (TWO, 1)
    ]


def test_a_twin_that_has_more_stays() -> None:
    assert apps(b.accepted(), late(b.refused_alert(), ev.ClientHelloSeen), app_id=TWO) == [
        (ONE, HOST, 443, 1),
        (TWO, HOST, 443, 1),
    ]


def test_the_servers_chain_goes_along() -> None:
    events = journal(late(b.refused_alert(), ev.CertificateSent), app_id=TWO)
    ((where, about),) = evidence_of(events).endpoints.items()
    assert (where.app_id, list(about.chains), about.server_tls_version) == (ONE, [f"chain of {HOST}"], "TLSv1.3")


def test_what_else_is_known_of_the_twin_stays() -> None:
    """It was asked for over another host's connection as well, or checks went there."""
    coalesced = journal(b.accepted("front.example.com", authority=HOST), late(b.refused_alert(), ev.ClientHelloSeen))
    found = {where.app_id: about.coalesced for where, about in evidence_of(coalesced).endpoints.items()}
    assert found == {"com.example.app": 2, ONE: 0}
    checked = journal(b.cleartext(port=443, purpose=ev.CONNECTIVITY), late(b.refused_alert(), ev.ClientHelloSeen))
    assert {where.app_id: about.cleartext for where, about in evidence_of(checked).endpoints.items()} == {
        "com.example.app": 1,
        ONE: 0,
    }


def test_the_same_app_again_changes_nothing() -> None:
    assert apps(late(b.refused_alert(), ev.ClientHelloSeen, TWO), app_id=TWO) == [(TWO, HOST, 443, 1)]


def test_a_repetition_goes_where_the_connection_went() -> None:
    again = late(b.inside(b.accepted(), *b.repeated(1)), ev.ClientHelloSeen)
    (about,) = evidence_of(journal(again, app_id=TWO)).endpoints.values()
    assert about.contacts.repeats == {1: 1}


def test_the_verdict_is_that_of_early_attribution() -> None:
    def of(attributed: Callable[[Events], Events]) -> list[tuple[str, str, str, str]]:
        connections = [*[attributed(b.refused_alert())] * 3, *[attributed(b.relayed_ok())] * 3]
        return [(one.endpoint.app_id, *said(one)) for one in all_judged(journal(*connections, app_id=None))]

    early, moved = of(lambda one: b.attributed(ONE, one)), of(lambda one: late(one, ev.ClientHelloSeen))
    assert early == moved == [(ONE, "pinned", "unproven", "refused_cause_unproven")]


def test_a_number_that_comes_again_inherits_nothing() -> None:
    again = b.placed(b.cleartext(), 1, START_S + 60)
    evidence = evidence_of([*journal(b.attributed(ONE, b.cleartext()), app_id=None), *again])
    assert {endpoint.app_id for endpoint in evidence.endpoints} == {ONE, UNATTRIBUTED}


def test_who_said_whose_it_is_is_counted() -> None:
    told = evidence_of(journal(b.attributed(ONE, b.accepted()), b.accepted(), b.refused_alert(), app_id=TWO))
    assert {e.app_id: about.attributed_by for e, about in told.endpoints.items()} == {
        ONE: {"test": 1},
        TWO: {"option": 2},
    }
    nobody = evidence_of(journal(b.accepted(), b.attributed(ONE, b.quic(HOST)), b.cleartext(), app_id=None))
    assert [about.attributed_by for _, about in sorted(nobody.endpoints.items())] == [
        {"test": 1},
        {"none": 1},
        {"none": 1},
    ]


def test_an_attempt_that_is_revised_is_counted_once() -> None:
    (about,) = evidence_of(journal(b.attributed(ONE, b.accepted()), app_id=None)).endpoints.values()
    assert (about.attributed_by, sum(stack.accepts for stack in about.stacks.values())) == ({"test": 1}, 1)


def test_what_is_nobodys_is_not_the_options_and_vouches_for_nobody() -> None:
    """A source is in use and cannot name it: the declared app keeps its own verdict."""
    others = [b.attributed(UNATTRIBUTED, b.accepted("cdn.example.com"))] * 4
    refused = [*[b.attributed(ONE, b.refused_alert())] * 3, *[b.attributed(ONE, b.relayed_ok())] * 3]
    judged = {one.endpoint.app_id: said(one) for one in all_judged(journal(*others, *refused, app_id=ONE))}
    assert judged[ONE] == ("pinned", "unproven", "refused_cause_unproven")
    assert judged[UNATTRIBUTED][0] == "unpinned"


def test_two_apps_on_one_host_do_not_mix() -> None:
    connections = [
        b.attributed(ONE, b.refused_alert()),
        b.attributed(TWO, b.accepted()),
        b.attributed(ONE, b.relayed_ok()),
    ]
    judged = {one.endpoint.app_id: said(one) for one in all_judged(journal(*connections * 3, app_id=ONE))}
    assert judged == {ONE: ("pinned", "unproven", "refused_cause_unproven"), TWO: ("unpinned", "probable", "decrypted")}


def test_reports_are_the_apps_that_sent_them() -> None:
    evidence = evidence_of(
        journal(
            b.attributed(ONE, b.pin_report()),
            b.attributed(ONE, b.pin_report(format="hpkp", enforced=None)),
            b.attributed(ONE, b.pin_report()),
            b.pin_report("img.example.com"),
            app_id=None,
        )
    )
    assert evidence.pin_reports == {
        (ONE, HOST): {"trustkit": 2, "hpkp": 1},
        (UNATTRIBUTED, "img.example.com"): {"trustkit": 1},
    }
