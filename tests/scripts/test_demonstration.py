"""The demo: its parts one by one, and the whole of it for real."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demonstration import layout, show
from demonstration.cast import ADVERTS, BACKUP, EVENTS, LOGIN, PARTS, SDK, Role, cast, wanted
from demonstration.comparison import BESIDE, HEADERS, compare
from demonstration.deeds import ANSWERED, CLEARTEXT, FAILED, REFUSED_AFTER, REFUSED_WITHIN, deeds, in_words
from demonstration.interruption import Interruption, Stopped, shielded_children
from demonstration.performance import Told
from demonstration.progress import Progress, said_by_pinprobe
from demonstration.world import APP
from standin.clients import CLIENTS, Attempt

ROOT = Path(__file__).parents[2]
COMPANIES = [
    present for number in range(len(wanted()) + 1) for present in itertools.combinations(sorted(wanted()), number)
]
ANSWER = Attempt(result="response", stage="response")
WITHIN = Attempt(result="refused", stage="handshake")
AFTER = Attempt(result="refused", stage="check", more={"fallback": 200})


# -- who plays what ------------------------------------------------------------------------------


@pytest.mark.parametrize("present", COMPANIES, ids="+".join)
def test_every_part_is_played_whoever_is_there(present: tuple[str, ...]) -> None:
    roles = {role.part: role.player for role in cast(present)}
    assert list(roles) == list(PARTS)
    for player in roles.values():
        assert player.client in {*present, "python_ssl"}
        assert player.technique in CLIENTS[player.client].techniques
    # The witness speaks for the login's stack; nobody speaks for the one that distrusts the CA.
    assert (roles[SDK].client, roles[SDK].tls) == (roles[LOGIN].client, roles[LOGIN].tls)
    assert (roles[ADVERTS].client, roles[ADVERTS].tls) == (roles[BACKUP].client, roles[BACKUP].tls)
    assert roles[BACKUP].tls != roles[SDK].tls


def test_a_fallback_is_nobody_elses() -> None:
    """Cleartext counts for a whole registrable domain, so no other part may live in that one."""
    domains = [part.host.split(".", 1)[1] for part in PARTS]
    assert domains.count(EVENTS.host.split(".", 1)[1]) == 1
    assert all(part.host.endswith(".test") for part in PARTS)


# -- what a client says --------------------------------------------------------------------------


def test_deeds_in_words() -> None:
    found = deeds([ANSWER, ANSWER, WITHIN, AFTER, Attempt(result="failed", stage="proxy")])
    assert found == {ANSWERED: 2, REFUSED_WITHIN: 1, REFUSED_AFTER: 1, CLEARTEXT: 1, FAILED: 1}
    assert in_words({ANSWERED: 2, REFUSED_AFTER: 1}) == "2 got an answer, 1 refused after it"
    assert in_words(deeds([])) == "nothing"


# -- verdict beside truth ------------------------------------------------------------------------


def right_report(roles: tuple[Role, ...]) -> dict[str, Any]:
    """What a report says when all is as it should be."""
    expected = {(role.part.host, 443): role.part.expected for role in roles}
    expected |= {key: one for key, (_, one) in BESIDE.items()}
    return {
        "endpoints": [
            {
                "endpoint": {"app": APP, "host": host, "port": port, "transport": "tcp"},
                "verdict": one.verdict,
                "confidence": one.confidences[-1],
                "rule_id": one.rule_id or "some_rule",
                "reason": "for a reason",
            }
            for (host, port), one in expected.items()
        ]
    }


ROLES = cast(())
TOLD = {role.part.host: Told(attempts=(ANSWER, WITHIN, AFTER)) for role in ROLES}


def faults(report: dict[str, Any], told: dict[str, Told] | None = None) -> list[str]:
    return [row.fault for row in compare(ROLES, told or TOLD, report) if row.fault]


def test_right_verdicts_agree() -> None:
    rows = compare(ROLES, TOLD, right_report(ROLES))
    assert len(rows) == len(PARTS) + len(BESIDE)
    assert [row.cells()[-1] for row in rows] == ["yes"] * len(rows)
    assert all(len(row.cells()) == len(HEADERS) for row in rows)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"verdict": "suspicious"}, "expected unpinned"),
        ({"confidence": "probable"}, "expected confirmed"),
        ({"rule_id": "accepts_untrusted"}, "expected decrypted"),
    ],
)
def test_a_wrong_verdict_is_named(change: dict[str, str], fault: str) -> None:
    report = right_report(ROLES)
    report["endpoints"][0] |= change
    assert faults(report) == [fault]


def test_a_missing_and_an_unexpected_endpoint_are_named() -> None:
    report = right_report(ROLES)
    report["endpoints"][0]["endpoint"]["host"] = "elsewhere.test"
    assert faults(report) == ["missing", "unexpected"]


def test_a_client_that_did_otherwise_proves_nothing() -> None:
    idle = TOLD | {LOGIN.host: Told(attempts=(ANSWER,)), SDK.host: Told(broken="java: not found")}
    assert faults(right_report(ROLES), idle) == [
        "the client broke",
        "by its own word the client never refused in the handshake",
    ]


# -- how it is shown -----------------------------------------------------------------------------

cells = st.text(alphabet="abc  \n", max_size=60)


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=5), st.integers(min_value=1, max_value=120))
def test_a_table_fits_and_loses_nothing(rows: list[tuple[str, str, str]], width: int) -> None:
    headers = ("one", "two", "three")
    text = layout.table(headers, rows, width)
    words = [word for line in [headers, *rows] for cell in line for word in cell.split()]
    assert sorted(text.replace("─", "").split()) == sorted(words)
    longest = [max(len(word) for line in [headers, *rows] for word in line[c].split()) for c in range(3)]
    assert max(map(len, text.splitlines())) <= max(width, sum(longest) + 2 * len(layout.GAP))


widths = st.lists(st.tuples(st.integers(1, 20), st.integers(0, 100)), min_size=1, max_size=6)


@given(widths, st.integers(min_value=1, max_value=300))
def test_columns_share_the_room(columns: list[tuple[int, int]], room: int) -> None:
    least = [low for low, _ in columns]
    most = [low + more for low, more in columns]
    shared = layout.shared(least, most, room)
    assert all(low <= got <= high for low, got, high in zip(least, shared, most, strict=True))
    assert sum(shared) == max(sum(least), min(room, sum(most)))


def test_lines_of_pinprobe_are_followed_once_and_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert said_by_pinprobe("[12:00:00.000] pinprobe: pinned (probable)  api.shop.test:443\n").startswith("pinned")
    assert said_by_pinprobe("[12:00:00.000][127.0.0.1:1] client connect\n") == ""
    progress, output = Progress(), ""
    for more in ("[1] pinprobe: one\n[2] other\n[3] pinpr", "obe: two", "\n"):
        output += more
        progress.follow(output)
    assert re.findall(r"\] +(.*)", capsys.readouterr().err) == ["one", "two"]


# -- Ctrl-C --------------------------------------------------------------------------------------


@pytest.fixture
def interruption() -> Iterator[Interruption]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield Interruption()
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def test_a_request_to_stop_is_heeded_at_the_next_step(interruption: Interruption) -> None:
    interruption.heed()
    signal.raise_signal(signal.SIGINT)
    assert interruption.asked
    with pytest.raises(Stopped):
        interruption.wait(60)


def test_children_do_not_see_the_terminals_ctrl_c() -> None:
    program = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"

    def blocked() -> str:
        return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    with shielded_children():
        assert blocked() == "True\n"
    assert blocked() == "False\n"


# -- from the command line -----------------------------------------------------------------------


def demo(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "scripts"), "COLUMNS": "100"}
    return subprocess.Popen(
        [sys.executable, "-m", "demonstration", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )


def test_help_names_what_the_parser_knows() -> None:
    said = subprocess.run([ROOT / "scripts" / "demo", "--help"], capture_output=True, text=True, check=True).stdout
    known = {name for action in show.parser()._actions for name in action.option_strings}
    assert known <= set(re.findall(r"--[a-z]+", said))
    assert set(re.findall(r"(\w+)(?:,|;)", said.partition("commas: ")[2].partition(";")[0] + ";")) == set(wanted())


def test_an_unknown_client_is_refused(tmp_path: Path) -> None:
    process = demo(tmp_path, "--clients", "curl,netscape")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "netscape: choose from" in said


def ended(process: subprocess.Popen[str]) -> bool:
    """Whether nothing of its process group is left."""
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.live
@pytest.mark.parametrize("clients", ["all", "python_ssl"])
def test_every_verdict_agrees_with_the_truth(tmp_path: Path, clients: str) -> None:
    process = demo(tmp_path, *([] if clients == "all" else ["--clients", clients]))
    shown, progress = process.communicate(timeout=150)
    assert process.returncode == show.AGREED, shown + progress
    assert f"all {len(PARTS) + len(BESIDE)} verdicts agree" in shown
    for part in PARTS:
        assert part.host in shown
        assert part.host in progress, "it is shown while it runs"
    assert max(map(len, shown.partition("all 7")[0].splitlines())) <= 100
    report = tmp_path / shown.rpartition("report: ")[2].strip()
    assert report.match(f"reports/{APP}/*/report.html")
    assert report.stat().st_size > 1000


@pytest.mark.live
def test_ctrl_c_ends_every_child_and_says_what_remains(tmp_path: Path) -> None:
    process = demo(tmp_path, "--clients", "python_ssl")
    assert process.stderr is not None
    for line in process.stderr:
        if "clients run" in line:
            break
    process.send_signal(signal.SIGINT)
    said = process.stderr.read()
    assert process.wait(timeout=60) == show.STOPPED
    assert "everything that was started has ended" in said
    (folder,) = (tmp_path / "reports" / APP).iterdir()
    assert f"remains: {folder.relative_to(tmp_path)}" in said
    assert "Traceback" not in said
    assert ended(process)
    process.communicate()


@pytest.mark.live
def test_a_demo_that_cannot_run_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    process = demo(tmp_path, "--clients", "python_ssl", "--reports", "file/reports")
    _, said = process.communicate(timeout=120)
    assert process.returncode == show.DISAGREED
    assert "pinprobe: the demo could not run" in said or "pinprobe: there is no report" in said
    assert "file/reports" in said, "what mitmdump said of it is shown"
    assert ended(process)
