"""The proxy as a child: it never outlives its parent, and its end is a proper one."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.waiting import eventually

from pinprobe.device.errors import DeviceError
from pinprobe.running import proxy
from pinprobe.running.plan import PROXY, WIREGUARD
from pinprobe.running.proxy import Proxy, find_mitmdump, port_is_free, require_free

ADDON = Path(__file__).parents[2] / "addon"
CHILD = """
import pathlib, signal, sys, time
def end(*_):
    pathlib.Path(sys.argv[1]).write_text("ended well")
    sys.exit(7)
signal.signal(signal.SIGINT, end)
print("ready", flush=True)
while True:
    time.sleep(0.05)
"""


def lifeline(note: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pinprobe.running.lifeline", sys.executable, "-c", CHILD, str(note)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(ADDON)},
    )


@pytest.mark.parametrize("how", ["the pipe closes", "terminated"])
def test_the_child_is_asked_to_end(tmp_path: Path, how: str) -> None:
    note = tmp_path / "note"
    with lifeline(note) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        if how == "terminated":
            process.send_signal(signal.SIGTERM)
        else:
            process.stdin.close()
        assert process.wait(10) == 7
    assert note.read_text() == "ended well"


def test_the_parent_is_killed(tmp_path: Path) -> None:
    """Nobody closes the pipe then but the system itself."""
    note = tmp_path / "note"
    program = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-m', 'pinprobe.running.lifeline', sys.executable, '-c', {CHILD!r}, {str(note)!r}],"
        " stdin=subprocess.PIPE, start_new_session=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ADDON)}
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        parent.kill()
    assert eventually(note.exists)


@pytest.mark.parametrize(("via", "kind"), [(PROXY, socket.SOCK_STREAM), (WIREGUARD, socket.SOCK_DGRAM)])
def test_a_port_that_is_taken(via: str, kind: socket.SocketKind) -> None:
    with socket.socket(type=kind) as other:
        other.bind(("127.0.0.1", 0))
        if via == PROXY:
            other.listen()
        port = other.getsockname()[1]
        assert not port_is_free(port, via)
        with pytest.raises(DeviceError, match=rf"Port {port} of this computer is taken.*--port N"):
            require_free(port, via)
    require_free(port, via)


def test_no_mitmdump(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeviceError, match="no program `mitmdump`"):
        find_mitmdump()
    beside = tmp_path / "mitmdump"
    beside.write_text("")
    beside.chmod(0o755)
    assert find_mitmdump() == str(beside)


def test_a_proxy_that_ends_at_once_says_why(tmp_path: Path) -> None:
    child = Proxy(
        sys.executable,
        ["-c", "import sys; sys.exit('Error: no such option')"],
        port=9,
        via=PROXY,
        reports=tmp_path,
        app="a.b",
        say=lambda line: None,
    )
    try:
        with pytest.raises(DeviceError, match=r"mitmdump has ended \(exit code 1\).*no such option"):
            child.start()
    finally:
        child.stop()


def test_a_proxy_that_never_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy, "START_S", 0.3)
    child = Proxy(
        sys.executable,
        ["-c", "import time; time.sleep(60)"],
        port=9,
        via=PROXY,
        reports=tmp_path,
        app="a.b",
        say=lambda line: None,
    )
    started = time.monotonic()
    with pytest.raises(DeviceError, match="does not listen on port 9"):
        child.start()
    assert time.monotonic() - started < 50, "it was ended, not waited for"
