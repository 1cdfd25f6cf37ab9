"""The house's rules, read from its files: who imports whom, which room is pure, how long a file is, where its test is.

The import rule is the tables of CONTRIBUTING.md; there is no second copy.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from doctables.markdown import read_table
from pinprobe.journal import JournalWriter
from tests import builders

ROOT = Path(__file__).parents[1]
ADDON = ROOT / "addon"
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()

ANYWHERE = {"events", "thresholds", "chance", "__init__"}
"""Imported by any room; `__init__` holds the version."""
IMPURE = {
    "asyncio",
    "multiprocessing",
    "os",
    "secrets",
    "signal",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
}
CLOCK_CALLS = {"now", "today", "utcnow"}

TESTED_ELSEWHERE = {
    "__main__.py": "test_imports.py",
    "declared/limits.py": "declared/test_package.py",
    "attribution/option.py": "attribution/test_source.py",
    "device/vpn.py": "device/test_tunnel.py",
    "events/base.py": "events/test_codec.py",
    "events/declared.py": "events/test_codec.py",
    "events/facts.py": "events/test_codec.py",
    "thresholds.py": "verdicts/test_rules.py",
    "report/json_evidence.py": "report/test_json_format.py",
    "applog.py": "live/test_log.py",
    "catalog/__init__.py": "catalog/test_rows.py",
    "device/streams.py": "live/test_log.py",
    "signals/diagnosed.py": "signals/test_in_app_diagnostic.py",
    "cli/apk_words.py": "cli/test_apk.py",
    "advice/served.py": "advice/test_issuers.py",
    "cli/replay_chain.py": "test_fetch.py",
    "cli/run_arguments.py": "cli/test_run.py",
    **{
        f"{name}.py": "cli/device/test_verbs.py"
        for name in "cli/device/app cli/device/authority cli/device/common cli/device/doctor cli/device/emulator "
        "cli/device/proxy cli/device/restore device/ca_install device/doctor".split()
    },
    "device/become_root.py": "device/test_root.py",
    "device/ca_check.py": "device/test_ca_system.py",
    "device/choice.py": "device/test_adb.py",
    "device/errors.py": "device/test_adb.py",
    "device/global_settings.py": "device/test_proxy.py",
    "device/keeper.py": "device/test_restore.py",
    "device/mounts.py": "device/test_ca_system.py",
    "device/parts.py": "device/test_restore.py",
    "device/reverse.py": "device/test_proxy.py",
    "device/stores.py": "device/test_ca_user.py",
    "running/checks.py": "cli/test_run.py",
    "running/lifeline.py": "running/test_proxy.py",
    "running/session.py": "live/test_run.py",
    # The edge does nothing without a proxy and a client: real ones meet it.
    "mitm/addon.py": "live/test_traps.py",
    "mitm/log_reading.py": "live/test_log.py",
    "mitm/quic.py": "live/test_quic.py",
    "mitm/clock.py": "live/test_traffic.py",
    "mitm/observer.py": "live/test_traffic.py",
    "mitm/reading.py": "live/test_names.py",
    "mitm/recorder.py": "live/test_environment.py",
    "mitm/relay.py": "live/test_traffic.py",
    "mitm/session.py": "live/test_traps.py",
    "mitm/tap.py": "live/test_traps.py",
    "mitm/traffic.py": "mitm/test_observer_traffic.py",
    "mitm/upstream.py": "live/test_matrix.py",
    "mitm/watch.py": "live/test_traffic.py",
}
"""Files without a test file of their own, and the one that tests them."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement's target, as an absolute dotted name."""

    module: str
    line: int
    at_load: bool
    """Whether it runs when the file is loaded, and not only inside a function."""

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


def rows_of(first_header: str) -> list[list[str]]:
    return read_table(CONTRIBUTING, first_header)


def files() -> list[Path]:
    return sorted(path for path in ADDON.rglob("*.py") if ".egg-info" not in str(path))


def name_of(path: Path) -> str:
    """The module inside pinprobe, dotted: `signals.accepted`; a package's door is its folder's name."""
    relative = path.relative_to(ADDON / "pinprobe").with_suffix("")
    parts = relative.parts[:-1] if relative.name == "__init__" and len(relative.parts) > 1 else relative.parts
    return ".".join(parts)


def room_of(module: str) -> str:
    return module.partition(".")[0]


def imports(path: Path) -> list[Import]:
    tree = ast.parse(path.read_text())
    package = path.relative_to(ADDON).parent.parts
    inside_functions = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    found: list[Import] = []
    for node in ast.walk(tree):
        at_load = id(node) not in inside_functions
        if isinstance(node, ast.Import):
            found += [Import(alias.name, node.lineno, at_load) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            source = ".".join((*base, *([node.module] if node.module else [])))
            # `from pinprobe import events` names a module, `from pinprobe.events import Event` a thing in one.
            found += [
                Import(
                    f"{source}.{alias.name}" if is_module(f"{source}.{alias.name}") else source, node.lineno, at_load
                )
                for alias in node.names
            ]
    return found


def is_module(dotted: str) -> bool:
    path = ADDON.joinpath(*dotted.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def allowed_rooms() -> dict[str, set[str]]:
    rows = dict(rows_of("room"))
    allowed = {}
    for room, may in rows.items():
        if may.startswith("all but "):
            allowed[room] = set(rows) - set(may.removeprefix("all but ").split(", "))
        else:
            allowed[room] = set() if may == "–" else set(may.split(", "))
    return allowed


ROOMS = allowed_rooms()
LIBRARIES = {library: (room, when) for library, room, when in rows_of("library")}
PACKAGE_FILES = [path for path in files() if path.is_relative_to(ADDON / "pinprobe")]


def within(module: str, allowed: set[str]) -> bool:
    """Whether a module is one of these, or inside one of these."""
    return any(module == one or module.startswith(f"{one}.") for one in allowed)


def id_of(path: Path) -> str:
    return str(path.relative_to(ADDON))


@pytest.mark.parametrize("path", PACKAGE_FILES, ids=id_of)
def test_rooms_import_only_what_their_row_names(path: Path) -> None:
    room = room_of(name_of(path))
    if room == "__init__":
        assert not [one for one in imports(path) if one.top == "pinprobe" and one.at_load], (
            "the package's door loads nothing"
        )
        return
    assert room in ROOMS, f"{room} has no row in CONTRIBUTING.md's import rule"
    allowed = ROOMS[room] | ANYWHERE | {room}
    if room in ANYWHERE:
        allowed = {room}
    for one in imports(path):
        if one.top == "pinprobe":
            module = one.module.partition(".")[2] or "__init__"
            assert within(module, allowed), f"{id_of(path)}:{one.line}: {room} may not import {module}"


@pytest.mark.parametrize("path", files(), ids=id_of)
def test_libraries_are_imported_only_where_they_belong(path: Path) -> None:
    for one in imports(path):
        if one.top in sys.stdlib_module_names or one.top == "pinprobe":
            continue
        where = f"{id_of(path)}:{one.line}"
        assert one.top in LIBRARIES, f"{where}: {one.top} has no row in CONTRIBUTING.md's import rule"
        home, when = LIBRARIES[one.top]
        assert path.is_relative_to(ADDON / "pinprobe"), f"{where}: only {home} may import {one.top}"
        assert within(name_of(path), {home}), f"{where}: only {home} may import {one.top}"
        assert one.at_load is (when == "at load"), f"{where}: {one.top} is imported {when}"


def test_the_entry_script_imports_only_the_edge() -> None:
    ours = [one.module for one in imports(ADDON / "pinprobe_addon.py")]
    assert [module for module in ours if module != "__future__"] == ["pinprobe.mitm"]


def test_every_row_is_of_use() -> None:
    rooms = {room_of(name_of(path)) for path in PACKAGE_FILES}
    named = set().union(*ROOMS.values())
    assert {room_of(name) for name in named} <= set(ROOMS), "a row names a room that has none"
    assert rooms - {"__init__"} <= set(ROOMS)


PURE = (
    CONTRIBUTING.split("These rooms touch no clock, socket, thread, process or environment:\n")[1]
    .split(".")[0]
    .split(", ")
)


@pytest.mark.parametrize("path", [path for path in PACKAGE_FILES if room_of(name_of(path)) in PURE], ids=id_of)
def test_pure_rooms_touch_nothing_outside(path: Path) -> None:
    for one in imports(path):
        assert one.top not in IMPURE, f"{id_of(path)}:{one.line}: a pure room imports {one.top}"
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in CLOCK_CALLS, f"{id_of(path)}:{node.lineno}: a pure room reads the clock"


@pytest.mark.parametrize("command", ["report", "show"])
def test_reports_are_made_without_mitmproxy(tmp_path: Path, command: str) -> None:
    journal = tmp_path / "journal.jsonl"
    JournalWriter(journal).append(builders.journal(builders.accepted("api.example.com")))
    program = (
        "import runpy, sys\n"
        f"sys.argv = ['pinprobe', {command!r}, {str(journal)!r}]\n"
        "try:\n"
        "    runpy.run_module('pinprobe', run_name='__main__')\n"
        "except SystemExit as ended:\n"
        "    assert ended.code == 0, ended.code\n"
        "print('loaded:', *sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ADDON)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.rpartition("loaded:")[2].split())
    assert "pinprobe" in loaded
    assert not loaded & {"mitmproxy", "OpenSSL", "cryptography", "yaml"}


def all_python() -> list[Path]:
    return [*files(), *sorted((ROOT / "scripts").rglob("*.py")), *sorted((ROOT / "tests").rglob("*.py"))]


@pytest.mark.parametrize("path", all_python(), ids=lambda path: str(path.relative_to(ROOT)))
def test_long_files_say_why(path: Path) -> None:
    text = path.read_text()
    if text.count("\n") > 300:
        docstring = ast.get_docstring(ast.parse(text)) or ""
        assert "300 lines" in docstring, "over 300 lines: divide it, or say at its top why it needs more than 300 lines"


@pytest.mark.parametrize("path", PACKAGE_FILES, ids=id_of)
def test_every_file_has_its_test(path: Path) -> None:
    relative = path.relative_to(ADDON / "pinprobe")
    if relative.name == "__init__.py":
        return  # a package's door: tested with what stands behind it
    mirrored = ROOT / "tests" / relative.parent / f"test_{relative.name}"
    named = ROOT / "tests" / TESTED_ELSEWHERE.get(str(relative), "none")
    assert mirrored.is_file() or named.is_file(), f"{mirrored.relative_to(ROOT)} is missing"


def test_no_exception_has_outlived_its_file() -> None:
    assert {name for name in TESTED_ELSEWHERE if not (ADDON / "pinprobe" / name).is_file()} == set()


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "live").glob("test_*.py")), ids=lambda path: path.name)
def test_live_tests_say_that_they_are(path: Path) -> None:
    """Those that are not live run beside them, at the lowest priority."""
    assert "\npytestmark = pytest.mark.live\n" in path.read_text()
