"""Trouble around a running proxy: does it go on, is it told, and is anything lost?"""

from __future__ import annotations

from measuring.outcome import Measure, Outcome, Settings
from stressing.clients import ANSWERED, FAILED, REFUSED, Clients
from stressing.troubles.play import UNHURRIED_S, Played, play
from stressing.troubles.table import TROUBLES
from stressing.world import running

HOSTS = 4
"""For each of the two crews."""
LONG_TIMES = 10


def run(settings: Settings) -> Outcome:
    """Each trouble at a proxy of its own; many times at full length."""
    rows: list[tuple[str, ...]] = []
    wrong: list[str] = []
    with running(settings.folder, hosts=HOSTS) as world, Clients(world.crews, UNHURRIED_S) as clients:
        for turn in range(LONG_TIMES if settings.long else 1):
            for number, trouble in enumerate(TROUBLES):
                if missing := trouble.missing():
                    rows.append((trouble.name, f"not tried: {missing}", "", "", ""))
                    continue
                settings.say(f"{trouble.name}: {trouble.about}")
                played = play(world, clients, settings.folder / f"{turn}-{number}", [trouble])
                rows += _rows(played)
                wrong += [f"{trouble.name}: {text}" for text in played.wrong]
    return Outcome(
        headers=("trouble", "served meanwhile", "failed meanwhile", "served afterwards", "facts lost"),
        rows=tuple(rows),
        notes=(
            "Of each trouble the log tells once, with the path and the cause, and the last report, which is of the whole "
            "journal, since when. Without file handles it is mitmproxy that takes no connections.",
        ),
        wrong=tuple(wrong),
    )


def _rows(played: Played) -> list[tuple[str, ...]]:
    return [
        (
            one.trouble.name,
            str(one.meanwhile[ANSWERED] + one.meanwhile[REFUSED]),
            str(one.meanwhile[FAILED]),
            str(one.after[ANSWERED] + one.after[REFUSED]),
            str(played.lost),
        )
        for one in played.seen
    ]


TROUBLES_MEASURE = Measure(
    name="troubles", about="full disk, folder removed, permission lost, clock set and more", run=run
)
