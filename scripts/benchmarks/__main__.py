"""Runs the measurements and prints their tables. The launcher is scripts/bench."""

from __future__ import annotations

import argparse
import platform
import shlex
import signal
import ssl
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from types import FrameType

from benchmarks import hooks, memory, throughput
from benchmarks.world import BARE, EXPERIMENT, OBSERVE
from doctables.markdown import table

QUICK = throughput.Plan(connections=30, rounds=40, limit_s=27.0)
FULL = throughput.Plan(connections=150, rounds=30, limit_s=300.0)
HOOK_CONNECTIONS = {True: 150, False: 1000}
MEMORY_LIMIT_S = 1200.0
GOAL_RATIO = 0.90
GOAL_MB = 30.0
FEW_ROUNDS = 8
"""With fewer the interval means little."""


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    if not Path("/proc/self/stat").exists():
        print("pinprobe: the benchmark reads processor time and memory from /proc, so it needs Linux", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    started_s = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started_s:5.0f} s] {text}", file=sys.stderr, flush=True)

    try:
        with tempfile.TemporaryDirectory(prefix="pinprobe-bench-") as name:
            folder = Path(name)
            comparisons = throughput.measure(folder / "throughput", (BARE, OBSERVE, EXPERIMENT), _plan(options), say)
            times = hooks.measure(folder / "hooks", HOOK_CONNECTIONS[options.quick], say)
            remembered = (
                None
                if options.quick or not options.memory_connections
                else memory.measure(folder / "memory", options.memory_connections, MEMORY_LIMIT_S, say)
            )
    except KeyboardInterrupt:
        print("\npinprobe: stopped; everything that was started has ended", file=sys.stderr)
        return 130
    except RuntimeError as error:
        print(f"pinprobe: {error}", file=sys.stderr)
        return 1
    print(_heading(arguments, time.monotonic() - started_s))
    print(_throughput_table(comparisons))
    print(_hook_table(times))
    if remembered:
        print(_memory_table(remembered))
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="What pinprobe costs: new TLS connections with one request each, through mitmdump alone and through "
        "mitmdump with pinprobe, alternating in one run, everything on loopback. Prints tables in Markdown.",
        epilog="Environment: PYTHON chooses the interpreter, PINPROBE_VENV where the virtual environment goes.",
    )
    parser.add_argument("--quick", action="store_true", help="under 40 seconds: few rounds, and no memory")
    parser.add_argument(
        "--memory-connections",
        type=int,
        default=20_000,
        metavar="N",
        help="connections through each proxy for the memory figure (default: %(default)s; 0 leaves it out)",
    )
    return parser


def _plan(options: argparse.Namespace) -> throughput.Plan:
    return QUICK if options.quick else FULL


def _heading(arguments: list[str], seconds: float) -> str:
    libraries = ", ".join(f"{library} {version(library)}" for library in ("mitmproxy", "pyOpenSSL", "cryptography"))
    return (
        f"`{shlex.join(['scripts/bench', *arguments])}`, {seconds:.0f} s: "
        f"{platform.python_implementation()} {platform.python_version()}, {libraries}; clients' {ssl.OPENSSL_VERSION}\n"
    )


def _throughput_table(comparisons: list[throughput.Comparison]) -> str:
    rows = [
        (
            one.arm.name,
            f"{one.per_second.median:.1f}",
            "1" if one.arm == BARE else str(one.throughput_ratio),
            f"{one.cpu_ms.median:.2f}",
            "1" if one.arm == BARE else str(one.cpu_ratio),
            str(one.refused),
            str(one.failed),
        )
        for one in comparisons
    ]
    headers = (
        "mitmdump",
        "connections/s",
        "throughput ratio (95 % interval)",
        "CPU ms/connection",
        "CPU ratio (95 % interval)",
        "refused",
        "failed",
    )
    worst = min(one.throughput_ratio.median for one in comparisons)
    rounds = comparisons[0].per_second.count
    few = " Too few to lean on: this machine was busy with other things." if rounds < FEW_ROUNDS else ""
    return (
        table(headers, rows)
        + f"\nMedians of {rounds} paired rounds.{few} "
        + f"Goal: throughput ratio at least {GOAL_RATIO:.2f}; lowest here {worst:.3f}.\n"
    )


def _hook_table(times: list[hooks.HookTime]) -> str:
    rows = [
        (one.name, str(one.calls), f"{one.median_us:.0f}", f"{one.worst_us:.0f}", f"{one.per_connection_us:.0f}")
        for one in times
    ]
    total = sum(one.per_connection_us for one in times if one.name not in {"load", "configure", "running", "done"})
    headers = ("hook", "calls", "median µs", "worst µs", "µs per connection")
    return table(headers, rows) + f"\n{total:.0f} µs per connection in hooks, start and end of the run left out.\n"


def _memory_table(result: memory.MemoryResult) -> str:
    rows = [
        (BARE.name, f"{result.bare_mb:.1f}"),
        (EXPERIMENT.name, f"{result.tested_mb:.1f}"),
        ("difference", f"{result.difference_mb:.1f}"),
    ]
    return (
        table(("mitmdump", "peak memory, MB"), rows)
        + f"\nAfter {result.connections} connections over {result.hosts} hosts each, {result.failed} failed. "
        + f"Goal: a difference of at most {GOAL_MB:.0f} MB.\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
