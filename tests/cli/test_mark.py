"""pinprobe mark: a file that the proxy takes away."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.builders import accepted
from tests.cli.disk import Output, recorded, run

from pinprobe.cli import Exit
from pinprobe.cli.mark import session_in


@contextmanager
def proxy(folder: Path) -> Iterator[list[tuple[str, int]]]:
    """Takes marks from this folder as the proxy does; tells each with its file's mode."""
    taken: list[tuple[str, int]] = []
    over = threading.Event()

    def take() -> None:
        while not over.is_set():
            file = folder / "mark"
            if file.exists():
                taken.append((file.read_text(), stat.S_IMODE(file.stat().st_mode)))
                file.unlink()
            time.sleep(0.02)

    thread = threading.Thread(target=take)
    thread.start()
    try:
        yield taken
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize("phase", ["idle", "control", "test"])
def test_the_proxy_is_told(folder: Path, capsys: Output, phase: str) -> None:
    with proxy(folder) as taken:
        assert run("mark", phase, folder) == Exit.DONE
    assert taken == [(f"{phase}\n", 0o600)]
    assert capsys.readouterr().out == f"phase: {phase}, in {folder}\n"
    assert [path.name for path in folder.iterdir()] == ["journal.jsonl"]


def test_the_newest_session_of_the_default_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    reports = tmp_path / "reports"
    old, new = (recorded(reports, "user", accepted(), number=number) for number in range(2))
    os.utime(old / "journal.jsonl", (2_000_000_000, 2_000_000_000))
    monkeypatch.chdir(tmp_path)
    with proxy(Path("reports") / "com.example.app" / "s0") as taken:
        assert run("mark", "control") == Exit.DONE
    assert len(taken) == 1 and capsys.readouterr().out.endswith(f"in {old.relative_to(tmp_path)}\n")
    os.utime(new / "journal.jsonl", (2_000_000_001, 2_000_000_001))
    assert session_in(reports) == session_in(reports / "com.example.app") == session_in(new) == new


def test_nobody_takes_it(folder: Path, capsys: Output) -> None:
    assert run("mark", "test", folder, "--timeout", "0.2") == Exit.UNREADABLE
    said = capsys.readouterr().err
    assert "no proxy records into this folder" in said and "start mitmdump" in said
    assert [path.name for path in folder.iterdir()] == ["journal.jsonl"], "nothing is left behind"


def test_taken_at_the_last_moment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.exists

    def exists(path: Path) -> bool:
        """Just after this answer, the proxy comes."""
        there = real(path)
        if path.name == "mark":
            path.unlink()
        return there

    monkeypatch.setattr(Path, "exists", exists)
    assert run("mark", "test", folder, "--timeout", "1e-9") == Exit.DONE


@pytest.mark.parametrize(("name", "says"), [("empty", "no session below this folder"), ("none", "no such folder")])
def test_nowhere_to_mark(tmp_path: Path, capsys: Output, name: str, says: str) -> None:
    (tmp_path / "empty").mkdir()
    assert run("mark", "test", tmp_path / name) == Exit.UNREADABLE
    said = capsys.readouterr().err
    assert says in said and "pinprobe_reports" in said
