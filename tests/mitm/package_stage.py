"""What the tests of the package beside the proxy share: a small package, and a reader that is held back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.android.builder import build_apk
from tests.mitm.hooks import Stage

from pinprobe import declared
from pinprobe.declared import Declared, read_app
from pinprobe.mitm.session import Session

PIN = "7HIpactkIAq2Y49orFOOQKurWxmmSFZhBCoQYcRhJ3Y="
NSC = f"""<network-security-config><domain-config><domain includeSubdomains="true">example.com</domain>
<pin-set><pin digest="SHA-256">{PIN}</pin></pin-set></domain-config></network-security-config>"""


def small_apk(folder: Path) -> Path:
    """com.example.app, with a pin for example.com and all below it."""
    return build_apk(folder / "apk", nsc=NSC)


class Gate:
    """Holds the reader back until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._opened = threading.Event()
        monkeypatch.setattr(declared, "read_app", self._read)

    def _read(self, paths: Sequence[Path], *, progress: Any, deadline: Callable[[], bool]) -> Declared:
        while not self._opened.wait(0.01) and not deadline():
            pass
        return read_app(paths, progress=progress, deadline=deadline)

    def open(self, s: Stage) -> None:
        self._opened.set()
        until_read(s)


def session_of(s: Stage) -> Session:
    assert s.addon._session is not None
    return s.addon._session


def until_read(s: Stage) -> None:
    assert session_of(s).package._done.wait(20)
    s.let_it_run()
