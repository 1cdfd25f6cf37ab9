"""Whose connections these are, and who said so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests import builders as make
from tests.report.samples import HOSTILE, JOURNAL_SHA256
from tests.report.test_json_format import valid

from pinprobe import events as ev
from pinprobe.evidence import Evidence, evidence_of
from pinprobe.report import html, json_format, live, text
from pinprobe.report.attribution import OtherApp, others_of
from pinprobe.report.model import Report, build_report

ONE, TWO, NOBODY = "com.example.one", "com.example.two", "unattributed"


def told(app_id: str, source: str, connection: make.Events | None = None) -> make.Events:
    """A connection that this source called this app's."""
    connection = connection or make.accepted()
    named = ev.AppAttributed(at_s=0.001, connection_id=0, app_id=app_id, source_id=source)
    return [connection[0], named, *connection[1:]]


def agent(app_id: str, connection: make.Events) -> make.Events:
    """A connection with a request whose user agent names this app."""
    return make.inside(connection, ev.UserAgentSeen(at_s=0.06, connection_id=0, app_id=app_id))


def checked(**counts: Any) -> make.Events:
    none = dict.fromkeys(("asked", "named", "away", "absent", "shared", "late", "failed"), 0)
    return [ev.AttributionChecked(**{"at_s": 0.0, "source_id": "socket_table", "error": "", **none, **counts})]


def evidence(*connections: make.Events, app_id: str | None = ONE) -> Evidence:
    return evidence_of(make.journal(*connections, app_id=app_id))


def report(*connections: make.Events, of: str = ONE, app_id: str | None = ONE) -> Report:
    return build_report(evidence(*connections, app_id=app_id), of, JOURNAL_SHA256)


def notices(made: Report) -> dict[str, str]:
    return {notice.id: notice.text for notice in made.notices}


SEVERAL = (told(ONE, "tunnel"), told(ONE, "tunnel"), told(TWO, "listener"), told(NOBODY, "none"))


def test_sources_are_told_by_endpoint_and_app() -> None:
    made = report(*SEVERAL)
    (endpoint,) = made.endpoints
    assert endpoint.attributed_by == (("tunnel", 2),)
    assert notices(made)["attribution"] == "Whose attempts these are was told by its own WireGuard tunnel (2)."
    assert "attribution_declared" not in notices(made)
    document = valid(json_format.render(made))
    assert document["endpoints"][0]["attributed_by"] == {"tunnel": 2}
    assert "<dt>attributed by<dd><bdi>its own WireGuard tunnel (2)</bdi>" in html.render(made)


def test_where_only_the_option_spoke_nothing_is_added() -> None:
    made = report(make.accepted())
    assert "attribution_declared" in notices(made) and "attribution" not in notices(made)
    assert "attributed_by" not in json_format.document(made)["endpoints"][0]
    assert "attributed by" not in html.render(made)


def test_what_fell_to_the_option_beside_a_better_source_is_loud() -> None:
    made = notices(report(told(ONE, "socket_table"), make.accepted(), make.accepted()))
    assert made["attribution_declared"].startswith("2 of 3 count as this app's only because it was named by option")


def test_other_apps_are_listed_in_the_sessions_own_report_alone() -> None:
    made = report(*SEVERAL)
    assert made.others == (
        OtherApp(id=TWO, endpoints=1, folder=f"apps/{TWO}"),
        OtherApp(id=NOBODY, endpoints=1, folder=f"apps/{NOBODY}"),
    )
    assert {"other_apps", "unattributed_apart"} <= notices(made).keys()
    assert report(*SEVERAL, of=TWO).others == report(*SEVERAL, of=NOBODY).others == ()
    assert valid(json_format.render(made))["other_apps"][0] == {"id": TWO, "endpoints": 1, "folder": f"apps/{TWO}"}
    assert f'<a href="apps/{TWO}/report.html"><bdi>{TWO}</bdi></a> (1)' in html.render(made)


def test_a_running_proxy_serves_no_links_to_files() -> None:
    page = live.page(html.render(report(*SEVERAL)), "0")
    assert f"<bdi>{TWO}</bdi> (1)" in page and 'href="apps/' not in page


def test_refusals_that_may_be_the_apps_too_are_said() -> None:
    mine, nobodys = told(ONE, "socket_table"), told(NOBODY, "socket_table", make.refused_alert())
    assert notices(report(mine, nobodys, nobodys))["unattributed_refusals"].startswith(
        "2 refusals at hosts of this app (api.example.com) are unattributed"
    )
    elsewhere = told(NOBODY, "socket_table", make.refused_alert("other.example.com"))
    for others in ((elsewhere,), (told(NOBODY, "none"),), (told(TWO, "listener", make.refused_alert()),)):
        assert "unattributed_refusals" not in notices(report(mine, *others))


def test_nobodys_report_says_what_it_is() -> None:
    assert "could not name one" in notices(report(*SEVERAL, of=NOBODY))[NOBODY]
    assert "No app was named" in notices(report(make.accepted(), of=NOBODY, app_id=None))[NOBODY]


@pytest.mark.parametrize(
    ("counts", "id", "words"),
    [
        (
            {"asked": 7, "away": 7},
            "source_away",
            "all 7 connections came from an address that the device does not have",
        ),
        (
            {"asked": 7, "failed": 2, "error": "it is gone"},
            "source_failed",
            "failed for 2 of 7 connections: it is gone.",
        ),
        ({"asked": 7, "late": 1, "named": 7}, "source_late", "1 of 7 answers"),
        ({"asked": 7, "absent": 3, "shared": 3, "named": 4}, "source_shared", "3 of 7 connections belong to a user id"),
    ],
)
def test_how_a_source_did(counts: dict[str, Any], id: str, words: str) -> None:
    assert words in notices(report(checked(asked=1), checked(**counts)))[id]


@pytest.mark.parametrize("counts", [{}, {"asked": 7, "away": 6, "named": 1}, {"asked": 7, "named": 7}])
def test_a_source_that_did_well_is_not_spoken_of(counts: dict[str, Any]) -> None:
    assert not [id for id in notices(report(checked(**counts))) if id.startswith("source_")]


def test_user_agents_are_a_note_and_never_evidence() -> None:
    plain, named = (told(NOBODY, "none"), agent(TWO, told(NOBODY, "none")))
    made = report(plain, named, of=NOBODY)
    assert f"{TWO} (1)" in notices(made)["user_agents"]
    assert made.endpoints[0].judgement == report(plain, plain, of=NOBODY).endpoints[0].judgement
    assert evidence(plain, named).apps() == [ONE, NOBODY]


def test_user_agents_of_what_a_source_named_are_not_told() -> None:
    assert "user_agents" not in notices(report(agent(TWO, told(ONE, "tunnel"))))
    assert "user_agents" not in notices(report(agent(ONE, make.accepted())))
    assert f"{TWO} (1)" in notices(report(agent(TWO, make.accepted())))["user_agents"]


def test_others_are_as_many_as_there_are() -> None:
    made = report(*(told(f"com.example.app{number:02}", "listener") for number in range(12)))
    assert len(made.others) == 12
    assert "and 7 more" in notices(made)["other_apps"]
    assert others_of(Evidence(), ONE) == ()


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_names_of_apps_and_errors_stay_words(words: str) -> None:
    made = report(
        told(words, "listener"),
        told(ONE, words),
        agent(words, make.accepted()),
        checked(asked=1, failed=1, error=words, source_id=words),
    )
    page = html.render(made)
    assert "<script>alert" not in page and "\x1b" not in text.render(made)
    json.loads(json_format.render(made))
