"""From arguments to exit code: runs the demo and prints how it went."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from demonstration import world
from demonstration.cast import Role, cast, wanted
from demonstration.comparison import HEADERS, Row, compare
from demonstration.interruption import Interruption, Stopped, children_remain, shielded_children
from demonstration.layout import table
from demonstration.performance import Company, Told, gather, perform
from demonstration.progress import Progress
from standin.clients import CLIENTS
from standin.clients.base import CACHE
from standin.proxy import Proxy

AGREED, DISAGREED, STOPPED = 0, 1, 130
NARROWEST, WIDEST = 80, 150
LAST_LINES = 60
"""Of mitmdump's output, shown where a verdict is wrong: its own summary is among them."""
NOTE = (
    "How to read it: where a refusing client also got answers, those are the control, connections that the proxy relayed "
    "untouched. Where a client refused in the handshake though it pins nothing there, it was shown the contrast: a "
    "certificate of a CA that nobody trusts. An endpoint that accepts sees the contrast only while another one of its TLS "
    "stack refuses and needs a witness that the stack trusts the CA. So a host without validation is found where that "
    "comes to pass, as here, and not everywhere."
)


def main(arguments: Sequence[str], interruption: Interruption) -> int:
    """The exit code: AGREED, DISAGREED or STOPPED."""
    options = parser().parse_args(arguments)
    reports: Path = options.reports
    progress = Progress()
    earlier = _sessions(reports)
    output: list[str] = []
    try:
        with tempfile.TemporaryDirectory(prefix="pinprobe-demo-") as name:
            company = gather(options.clients, progress, interruption)
            roles = cast(company.present)
            told = _run(world.make(Path(name), roles), reports, progress, interruption, output)
    except Stopped:
        _say_what_remains(_sessions(reports) - earlier)
        return STOPPED
    except (RuntimeError, OSError) as error:
        if interruption.asked:
            _say_what_remains(_sessions(reports) - earlier)
            return STOPPED
        print(f"pinprobe: the demo could not run: {error}", file=sys.stderr)
        return DISAGREED
    folders = sorted(_sessions(reports) - earlier)
    if not folders or not (folders[-1] / "report.json").exists():
        print(f"pinprobe: there is no report. mitmdump said:\n{output[-1]}", file=sys.stderr)
        return DISAGREED
    report: Mapping[str, Any] = json.loads((folders[-1] / "report.json").read_text(encoding="utf-8"))
    rows = compare(roles, told, report)
    _print_result(rows, roles, company, folders[-1], progress.elapsed_s)
    if any(row.fault for row in rows):
        print(
            f"\nmitmdump said at last:\n{''.join(output[-1].splitlines(keepends=True)[-LAST_LINES:])}", file=sys.stderr
        )
        return DISAGREED
    return AGREED


def _run(
    scene: world.World, reports: Path, progress: Progress, interruption: Interruption, output: list[str]
) -> Mapping[str, Told]:
    """Start everything, let the clients play, end everything, in order also when something goes wrong."""
    with ExitStack() as stack:
        interruption.heed()
        progress.say("servers start: leaf < intermediate < root, made for this run")
        with shielded_children():
            origins = stack.enter_context(scene.origins())
        interruption.heed()
        progress.say("mitmdump starts: -s addon/pinprobe_addon.py, its CA in the device's system store")
        proxy = scene.proxy(origins, reports)
        stack.callback(_end, proxy, progress, output)
        proxy.start()
        interruption.heed()
        return perform(scene, proxy, progress, interruption)


def _end(proxy: Proxy, progress: Progress, output: list[str]) -> None:
    if proxy.port and proxy.returncode is None:
        progress.say("mitmdump ends, and writes its last report")
        proxy.stop()
    output.append(proxy.output)


def parser() -> argparse.ArgumentParser:
    """What can be asked for; the launcher prints the help."""
    parser = argparse.ArgumentParser(prog="scripts/demo", add_help=False)
    parser.add_argument("--reports", type=Path, default=Path("reports"))
    parser.add_argument("--clients", type=_client_names, default=wanted())
    return parser


def _client_names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if unknown := [name for name in names if name not in wanted()]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(wanted())}")
    return names


def _sessions(reports: Path) -> set[Path]:
    return {path for path in (reports / world.APP).glob("*") if path.is_dir()}


def _print_result(rows: Sequence[Row], roles: Sequence[Role], company: Company, folder: Path, elapsed_s: float) -> None:
    width = min(max(shutil.get_terminal_size((120, 24)).columns, NARROWEST), WIDEST)
    print(f"\n{world.APP}, on a device whose system store trusts the proxy's CA\n")
    print(table(HEADERS, [row.cells() for row in rows], width))
    print(textwrap.fill(NOTE, width, break_on_hyphens=False) + "\n")
    wrong = sum(bool(row.fault) for row in rows)
    agree = f"all {len(rows)} verdicts agree" if not wrong else f"{wrong} of {len(rows)} verdicts do NOT agree"
    print(f"{agree} with what the clients really do, after {elapsed_s:.0f} s")
    used = dict.fromkeys(role.player.client for role in roles)
    print(f"clients: {', '.join(CLIENTS[name].title for name in used)}")
    for name, why in company.absent.items():
        print(f"  not here: {CLIENTS[name].title} ({why})")
    print(f"report: {folder / 'report.html'}")


def _say_what_remains(folders: set[Path]) -> None:
    if children_remain():
        print("\npinprobe: stopped, but a process that it started has not ended yet", file=sys.stderr)
    else:
        print("\npinprobe: stopped; everything that was started has ended", file=sys.stderr)
    for folder in sorted(folders):
        print(f"  remains: {folder}, the report so far", file=sys.stderr)
    if CACHE.exists():
        print(f"  remains: {CACHE}, the compiled clients, for the next run", file=sys.stderr)
