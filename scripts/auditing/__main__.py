"""scripts/audit: bandit over the code, pip-audit over the pinned packages; each in an environment that is thrown away."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

from auditing.findings import Audit, code, packages, waivers

ROOT = Path(__file__).parents[2]
TOOLS = ("bandit", "pip-audit")
CLEAN, WRONG, UNKNOWN = 0, 1, 3
LONGEST_S = 600.0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/audit",
        description="Looks for weaknesses: bandit in addon and scripts, pip-audit in what constraints/ pins.",
        epilog="exit code: 0 clean, 1 something was found, 3 nothing was found and something could not be audited",
    )
    parser.add_argument(
        "--tools", type=Path, metavar="FOLDER", help="the bin folder of an environment that has both; else one is made"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made:
        tools = options.tools or _made(Path(made))
        found = {"code (bandit)": _code(tools)}
        for pinned in sorted((ROOT / "constraints").glob("*.txt")):
            found[f"packages (pip-audit), {pinned.stem}"] = _packages(tools, pinned)
    return told(found)


def told(found: dict[str, Audit]) -> int:
    """Print it all; the exit code."""
    for name, audit in found.items():
        print(f"{name}: {audit.clean} looked at and clean, {len(audit.wrong)} wrong, {len(audit.unknown)} not audited")
        for line in audit.waived:
            print(f"  waived: {line}")
        for line in audit.wrong:
            print(f"  WRONG: {line}")
        if audit.unknown:
            print(f"  could not be audited, which is not clean: {', '.join(audit.unknown)}")
    if any(audit.wrong for audit in found.values()):
        return WRONG
    return UNKNOWN if any(audit.unknown for audit in found.values()) else CLEAN


def _made(folder: Path) -> Path:
    print(f"installing {' and '.join(TOOLS)} in a folder that is thrown away ...", file=sys.stderr, flush=True)
    venv.create(folder, with_pip=True)
    tools = folder / "bin"
    subprocess.run([tools / "python", "-m", "pip", "install", "--quiet", *TOOLS], check=True, timeout=LONGEST_S)
    return tools


def _code(tools: Path) -> Audit:
    command: list[str | Path] = [tools / "bandit", "--quiet", "--recursive", "--format", "json", "addon", "scripts"]
    report = _output(command)
    return code(report, waivers((ROOT / "pyproject.toml").read_text(encoding="utf-8")), ROOT)


def _packages(tools: Path, pinned: Path) -> Audit:
    print(f"asking about {pinned.name} ...", file=sys.stderr, flush=True)
    command: list[str | Path] = [
        tools / "pip-audit",
        "--requirement",
        pinned,
        "--no-deps",
        "--disable-pip",
        "--format",
        "json",
    ]
    return packages(_output([*command, "--progress-spinner", "off"]))


def _output(command: Sequence[str | Path]) -> str:
    """Both tools end with 1 where they found something, and print what."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=LONGEST_S)
    if done.returncode not in {0, 1} or not done.stdout:
        sys.exit(f"{Path(command[0]).name} failed:\n{done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
