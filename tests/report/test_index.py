"""The list of all reports."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests import builders as make
from tests.report.samples import HOSTILE, every_verdict, hostile, report_of, several_runs, times

from pinprobe.report.index import POLICY_WORDS, UNREAD_SHOWN, Entry, Unread, entry_of, render
from pinprobe.report.json_format import document

DAY_S = 86_400.0
FIRST_S = 1_790_000_000.0


def entry(folder: str, *connections: Any, **of_session: Any) -> Entry:
    return entry_of(document(report_of(*connections, **of_session)), folder)


def day(number: int, *connections: Any, **of_session: Any) -> Entry:
    """A session of one app on this day."""
    at_s = FIRST_S + number * DAY_S
    return entry(f"a/s{number}", *connections, **{"session_id": f"s{number}", "at_s": at_s, **of_session})


def marks(page: str) -> list[str]:
    """Text of each article's mark, newest first."""
    found = re.findall(r"(?s)<summary>(.*?)</summary>|<p class=muted>(.*?)</p>", page)
    return [re.sub(r"<[^>]*>", "", opened or plain) for opened, plain in found]


def test_newest_first() -> None:
    page = render([entry("a/1", app_id="older"), entry("b/1", app_id="newer", at_s=1_800_000_000.0)])
    assert page.index(">newer<") < page.index(">older<")
    assert "2 sessions of 2 apps" in page


def test_an_entry_says_what_its_page_says() -> None:
    page = render([entry_of(document(every_verdict()), "com.example.app/s1")])
    assert 'href="com.example.app/s1/report.html"' in page
    assert "2 of 13 endpoints reject" in page
    counts = dict(re.findall(r"<li class=(\w+)>.*?<b>(\d+)</b>", page))
    assert sum(map(int, counts.values())) == 13
    assert counts["untrusted"] == counts["unproven"] == "1"


@pytest.mark.parametrize(("standing", "says"), [(s, words) for s, (_, words) in POLICY_WORDS.items()])
def test_it_says_how_a_report_stands_against_its_policy(standing: str, says: str) -> None:
    told = {**document(every_verdict()), "policy": {"standing": str(standing)}}
    others = [words for _, words in POLICY_WORDS.values() if words != says]
    page = render([entry_of(told, "a/1")])
    assert says in page and not any(words in page for words in others)
    assert not any(words in render([entry_of(document(every_verdict()), "a/1")]) for words in (says, *others))


def test_no_report_is_no_pass() -> None:
    assert "This says nothing about pinning" in render([])


def test_each_session_is_held_against_the_same_apps_session_before() -> None:
    accepting, refusing = times(4, make.accepted()), [*times(4, make.refused_alert()), make.relayed_ok()]
    other = make.accepted("cdn.example.net")
    page = render(
        [
            day(2, *refusing, other),
            day(1, *accepting, make.accepted("old.example.net")),
            day(3, *refusing, other, ca_store="user"),
            day(2, *accepting, app_id="another", session_id="x"),
        ]
    )
    said = marks(page)
    assert said[0] == "nothing changed against s2; CA store unknown → user"
    assert "The first session of this app." in said[1:3] and said[3] == "The first session of this app."
    (changed,) = [one for one in said if one.endswith("against s1")]
    assert changed.startswith("1 changed, 1 new, 1 gone")
    assert "api.example.com:443: unpinned, probable → pinned, unproven" in page
    assert page.count('class="marks warning"') == 1


def test_reports_of_several_runs_stand_apart() -> None:
    joint = entry_of(document(several_runs()), "a/runs-1")
    page = render([joint, day(1, make.accepted()), day(2, make.accepted())])
    sessions, apart = page.split("Runs judged together")
    assert "4 runs together" in apart and "4 runs together" not in sessions
    assert "2 sessions of 1 app," in sessions
    assert marks(page) == ["nothing changed against s1", "The first session of this app."]


def test_many_changes_are_counted_and_some_are_named() -> None:
    hosts = [make.accepted(f"h{number}.example") for number in range(50)]
    page = render([day(1), day(2, *hosts)])
    assert "50 new" in marks(page)[0] and page.count("<dd>") == 21 and "and 30 more" in page


def test_what_could_not_be_read_is_named() -> None:
    page = render([], [Unread(folder="a/\u202eb", why="not <JSON>")] * (UNREAD_SHOWN + 2))
    assert "a/\\u202eb</bdi>: not &lt;JSON&gt;" in page and "2 more." in page


@pytest.mark.parametrize("folder", ["javascript:alert(1)/x", '"><b>/x', "a b/ü", "%2e%2e/x"])
def test_links_stay_inside(folder: str) -> None:
    href = entry(folder).href
    assert re.fullmatch(r"[A-Za-z0-9%/._~-]+", href)
    assert href.endswith("/report.html")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words(text: str) -> None:
    page = render([entry_of(json.loads(json.dumps(document(hostile(text)))), "a/b")])
    assert "<script>" not in page and "<img" not in page and "\x1b" not in page and "\u202e" not in page
    assert len(page) < 40_000


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d.pop("app"),
        lambda d: d.update(summary=[]),
        lambda d: d["session"].update(id=7),
        lambda d: d["summary"].update(endpoints="many"),
        lambda d: d["summary"]["verdicts"].update(pinned=None),
        lambda d: d["summary"]["verdicts"].update(suspicious="x"),
        lambda d: d["summary"].update(verdicts=["x"]),
    ],
)
def test_what_is_no_report_is_refused(damage: Any) -> None:
    damaged = document(every_verdict())
    damage(damaged)
    with pytest.raises(ValueError):
        entry_of(damaged, "a/b")


@pytest.mark.parametrize("foreign", [None, 7, "text", [], {}])
def test_foreign_json_is_refused(foreign: object) -> None:
    with pytest.raises(ValueError):
        entry_of(foreign, "a/b")
