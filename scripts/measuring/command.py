"""The command line over a table of measures: which, how long, and the exit code."""

from __future__ import annotations

import argparse
import platform
import shlex
import signal
import ssl
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import FrameType

from measuring.outcome import Measure, Settings

SEED = 20_261_126


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What differs between the two commands."""

    name: str
    about: str
    length_option: str
    """The option that asks for the other length than the usual one."""
    length_help: str
    usually_long: bool
    measures: tuple[Measure, ...]

    def main(self, arguments: Sequence[str]) -> int:
        """Run what was asked for; 0 if nothing was wrong, 1 if anything was, 2 for a usage error, 130 if interrupted."""
        options = self._parser().parse_args(arguments)
        if not Path("/proc/self/stat").exists():
            print(
                f"pinprobe: {self.name} reads processor time and memory from /proc, so it needs Linux", file=sys.stderr
            )
            return 2
        signal.signal(signal.SIGTERM, _interrupt)
        chosen = [one for one in self.measures if not options.what or one.name in options.what]
        started_s = time.monotonic()
        bad = []
        try:
            for one in chosen:
                bad += [one.name] * (not self._run(one, options, arguments, started_s))
        except KeyboardInterrupt:
            print("\npinprobe: stopped; everything that was started has ended", file=sys.stderr)
            return 130
        if bad:
            print(f"pinprobe: not as it should be: {', '.join(bad)}", file=sys.stderr)
        return int(bool(bad))

    def _run(self, one: Measure, options: argparse.Namespace, arguments: Sequence[str], started_s: float) -> bool:
        def say(text: str) -> None:
            print(f"[{time.monotonic() - started_s:5.0f} s] {one.name}: {text}", file=sys.stderr, flush=True)

        began_s = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(prefix=f"pinprobe-{one.name}-", ignore_cleanup_errors=True) as name:
                long = self.usually_long != options.other_length
                outcome = one.run(Settings(folder=Path(name), long=long, seed=options.seed, say=say))
        except RuntimeError as error:
            print(f"pinprobe: {one.name}: {error}", file=sys.stderr)
            return False
        print(f"## {one.name}: {one.about}\n")
        print(f"{_heading(self.name, arguments, time.monotonic() - began_s)}\n")
        print(outcome.markdown(), flush=True)
        return not outcome.wrong

    def _parser(self) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser(
            prog=self.name,
            description=self.about,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            epilog="\n".join(f"  {one.name:12} {one.about}" for one in self.measures)
            + "\n\nPrints tables in Markdown, and progress on standard error. Exit code 1 where something is wrong.\n"
            "Environment: PYTHON chooses the interpreter, PINPROBE_VENV where the virtual environment goes.",
        )
        names = [one.name for one in self.measures]
        parser.add_argument("what", nargs="*", choices=[*names, []], metavar="WHAT", help="all unless named; see below")
        parser.add_argument(self.length_option, action="store_true", dest="other_length", help=self.length_help)
        parser.add_argument(
            "--seed", type=int, default=SEED, help="draws what is left to chance (default: %(default)s)"
        )
        return parser


def _heading(command: str, arguments: Sequence[str], seconds: float) -> str:
    libraries = ", ".join(f"{library} {version(library)}" for library in ("mitmproxy", "pyOpenSSL", "cryptography"))
    return (
        f"`{shlex.join([command, *arguments])}`, {seconds:.0f} s: "
        f"{platform.python_implementation()} {platform.python_version()}, {libraries}; {ssl.OPENSSL_VERSION}"
    )


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
