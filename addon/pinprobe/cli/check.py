"""pinprobe check: hold a report against a policy, for a pipeline."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from pinprobe.cli.exits import Exit
from pinprobe.cli.policies import read_policy
from pinprobe.cli.reports import WHAT, read_report
from pinprobe.policy import judged_by
from pinprobe.private import write_private
from pinprobe.report import check_formats, sarif
from pinprobe.report.outline import Outline
from pinprobe.report.outline_reader import outline_by
from pinprobe.report.policy_text import headline
from pinprobe.report.ruling import Standing

EXITS = {
    Standing.MET: Exit.DONE,
    Standing.BROKEN: Exit.DIFFERS,
    Standing.NOTHING_OBSERVED: Exit.NOTHING_OBSERVED,
}
SARIF = "sarif"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", help: str) -> None:
    """The command's arguments."""
    parser = commands.add_parser("check", help=help, description=run.__doc__)
    parser.add_argument("report", type=Path, metavar="REPORT", help=WHAT)
    parser.add_argument("--policy", type=Path, metavar="FILE", required=True, help="what is expected, as YAML")
    parser.add_argument(
        "--format", choices=[*check_formats.FORMATS], default="text", help="of the answer; default: %(default)s"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the answer there, and say it in one line")
    parser.add_argument(
        "--location",
        metavar="PATH",
        help="sarif: the file of your repository to show results at, such as app/src/main/AndroidManifest.xml; "
        "default: PACKAGE/HOST, which is no file",
    )
    parser.add_argument(
        "--today",
        type=_day,
        metavar="DAY",
        help="judge waivers as of this day, such as 2026-12-31; default: today, UTC",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Hold a report against a policy. Ends with 0 if it is met, 1 if it is broken, 2 for a policy that cannot be used, 3 if
    no endpoint was put to the test, and 4 if the report cannot be read."""
    outline = read_report(options.report, outline_by)
    policy = read_policy(options.policy, outline.app_id)
    judged = judged_by(policy, outline, options.today or datetime.now(UTC).date())
    assert judged.policy is not None, "a judged report has a ruling"
    answer = _render(options)(judged)
    if options.out is None:
        sys.stdout.write(answer)
    else:
        write_private(options.out, answer)
        print(f"{options.out}: {headline(judged.policy)}")
    return EXITS[judged.policy.standing]


def _render(options: argparse.Namespace) -> Callable[[Outline], str]:
    if options.format == SARIF:
        return lambda outline: sarif.render(outline, options.location)
    return check_formats.FORMATS[options.format]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-12-31") from None
