"""No pickle, eval or shell, and no XML or YAML reader that obeys what it reads: `ruff` says so, and is asked to."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for folder in ("addon", "scripts") for path in (ROOT / folder).rglob("*.py"))

SHORTCUTS = {
    "S102": "exec(text)",
    "S301": "import pickle\npickle.loads(text)",
    "S302": "import marshal\nmarshal.loads(text)",
    "S307": "eval(text)",
    "S314": "from xml.etree import ElementTree\nElementTree.fromstring(text)",
    "S318": "from xml.dom import minidom\nminidom.parseString(text)",
    "S323": "import ssl\nssl._create_unverified_context()",
    "S501": "import requests\nrequests.get(text, verify=False)",
    "S506": "import yaml\nyaml.load(text, Loader=yaml.Loader)",
    "S602": "import subprocess\nsubprocess.run(text, shell=True)",
    "S605": "import os\nos.system(text)",
}


@pytest.mark.parametrize("file", ["addon/pinprobe/x.py", "scripts/x.py"])
def test_ruff_would_see_each(file: str) -> None:
    """With the project's own settings, and what they leave out."""
    source = "\n".join(
        f"def f{number}(text):\n    {code.replace(chr(10), chr(10) + '    ')}"
        for number, code in enumerate(SHORTCUTS.values())
    )
    command = [sys.executable, "-m", "ruff", "check", "--output-format", "json", "--stdin-filename", file, "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False, cwd=ROOT)
    found = {fault["code"] for fault in json.loads(done.stdout)}
    assert found >= set(SHORTCUTS)


LIKE_THEM = {"create_subprocess_shell", "popen", "dlopen", "jsonpickle", "dill", "shelve", "unsafe_load", "full_load"}
"""What its rules do not name."""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nor_what_it_does_not_know(path: Path) -> None:
    names = {
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (getattr(node, "attr", None), getattr(node, "id", None), getattr(node, "module", None))
        if name
    }
    assert not names & LIKE_THEM
