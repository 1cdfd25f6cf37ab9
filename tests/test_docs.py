"""The documentation says what is so: generated parts are current, and every command, option and script it names is real."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import doctables.__main__
from doctables.markdown import MARKED, read_table
from doctables.parts import PARTS
from pinprobe import cli
from pinprobe.config import OPTIONS, read_tree
from pinprobe.policy import policy_of
from pinprobe.report.ruling import WITH_ID

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = doctables.__main__.pages()
FENCED = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)

LAUNCHERS = sorted(path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and os.access(path, os.X_OK))


def commands() -> list[str]:
    """Every line of every fenced block on every page, without prompt and trailing remark."""
    return [
        line.removeprefix("$ ").partition("  #")[0].strip()
        for page in [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "constraints" / "README.md"]
        for block in FENCED.findall(page.read_text())
        for line in block.splitlines()
        if line.strip()
    ]


def test_generated_parts_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctables.__main__.main(["--check"]) == 0, capsys.readouterr().out


def test_every_generated_part_stands_on_a_page() -> None:
    shown = {found["name"] for page in PAGES for found in MARKED.finditer(page.read_text())}
    assert shown == set(PARTS)


def test_the_readme_holds_what_a_user_looks_for() -> None:
    shown = {found["name"] for found in MARKED.finditer(README.read_text())}
    assert {"options", "commands", "exit-codes"} <= shown


@pytest.mark.parametrize("command", sorted({line for line in commands() if "scripts/" in line}))
def test_documented_scripts_exist(command: str) -> None:
    for name in re.findall(r"scripts/([\w-]+)", command):
        assert name in LAUNCHERS, f"{command!r} names a script that is not there"


def test_documented_options_exist() -> None:
    known = {option.name for option in OPTIONS}
    text = "\n".join(page.read_text() for page in PAGES)
    named = set(re.findall(r"\bpinprobe_(?!addon\b)[a-z_]+", text))
    assert {f"pinprobe_{name}" if not name.startswith("pinprobe_") else name for name in named} <= known


def test_every_script_has_its_row() -> None:
    rows = read_table((ROOT / "scripts" / "README.md").read_text(), "script")
    assert sorted(row[0] for row in rows) == LAUNCHERS


def test_every_folder_of_scripts_has_its_row() -> None:
    rows = read_table((ROOT / "scripts" / "README.md").read_text(), "folder")
    folders = {path.name for path in (ROOT / "scripts").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert {row[0].rstrip("/") for row in rows} == folders


@pytest.mark.parametrize("name", LAUNCHERS)
def test_every_script_explains_itself(name: str) -> None:
    # With the environment that is running already: making another one is not what this asks about.
    text = (ROOT / "scripts" / name).read_text()
    assert "--help" in text or "argparse" in text
    if "usage()" in text:
        run = subprocess.run([ROOT / "scripts" / name, "--help"], capture_output=True, text=True, check=True)
        assert f"scripts/{name}" in run.stdout


@pytest.mark.parametrize("path", sorted((ROOT / "constraints").glob("*.txt")), ids=lambda path: path.name)
def test_constraints_are_plain_pins(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[\w.-]+==[\w.]+", line), f"{line!r} is more than a name and a release"


def blocks(language: str) -> list[str]:
    """Every fenced block in this language, on every page."""
    fence = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [block for page in PAGES for block in fence.findall(page.read_text())]


def test_documented_policies_can_be_used(tmp_path: Path) -> None:
    policies = [block for block in blocks("yaml") if block.startswith("version:")]
    assert policies
    for block in policies:
        (tmp_path / "policy.yaml").write_text(block)
        policy_of(read_tree(tmp_path / "policy.yaml", "policy.yaml"), "policy.yaml")


@pytest.mark.parametrize("command", sorted({line for line in commands() if line.startswith("pinprobe ")}))
def test_documented_commands_are_ones(command: str) -> None:
    words = shlex.split(command.removesuffix("\\"))
    cli._parser().parse_args(words[1:])


def test_every_finding_has_its_heading() -> None:
    headings = re.findall(r"^## (.*)$", (ROOT / "docs" / "findings.md").read_text(), re.MULTILINE)
    assert headings == [one.id for one in WITH_ID]


def test_both_ends_are_pinned() -> None:
    pins = [path.read_text() for path in sorted((ROOT / "constraints").glob("*.txt"))]
    assert [re.search(r"^mitmproxy==(\d+)", text, re.MULTILINE)[1] for text in pins] == ["11", "12"]  # type: ignore[index]


def test_the_library_page_runs() -> None:
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "library.md").read_text(), re.DOTALL)
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "addon")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    verdicts = {line.split()[1] for line in ran.stdout.splitlines()}
    assert verdicts == {"pinned", "unpinned", "suspicious", "inconclusive", "not_tested"}
