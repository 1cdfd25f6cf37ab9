"""mitmdump with the addon, as a child process: found, started, watched, ended."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from pinprobe.device.errors import DeviceError
from pinprobe.report.folders import JOURNAL, folder_name
from pinprobe.running.plan import LOOPBACK, PROXY

START_S = 40.0
STOP_S = 60.0
GLANCE_S = 0.1
LINES_KEPT = 40
OURS = "pinprobe: "

Say = Callable[[str], None]


def find_mitmdump() -> str:
    """Beside the interpreter, else on the PATH. Raises `DeviceError` where it is in neither place."""
    beside = Path(sys.executable).parent / "mitmdump"
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which("mitmdump")
    if found is None:
        raise DeviceError("There is no program `mitmdump`.", "Install mitmproxy 11 or 12 and put it on the PATH.")
    return found


def port_is_free(port: int, via: str = PROXY) -> bool:
    """Whether a proxy could listen there. Nothing is connected to, so a proxy that does listen sees no client."""
    with socket.socket(type=socket.SOCK_STREAM if via == PROXY else socket.SOCK_DGRAM) as probe:
        if via == PROXY:  # connections that ended lately do not count
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def require_free(port: int, via: str = PROXY) -> None:
    """Raise `DeviceError` for a port that is taken."""
    if not port_is_free(port, via):
        raise DeviceError(
            f"Port {port} of this computer is taken.", "End what listens there (another mitmproxy?), or use --port N."
        )


def command_line(
    addon: Path, listening: Sequence[str], options: Sequence[tuple[str, str]], more: Sequence[str]
) -> list[str]:
    """The proxy's arguments."""
    sets = [word for name, value in options for word in ("--set", f"{name}={value}")]
    return [
        *(*listening, "--set", "flow_detail=0", "--set", "termlog_verbosity=alert"),
        *(*sets, "-s", str(addon), *more),
    ]


class Proxy:
    """One mitmdump, and the folder into which it records."""

    def __init__(
        self, program: str, arguments: Sequence[str], *, port: int, via: str, reports: Path, app: str, say: Say
    ) -> None:
        self._command = [sys.executable, "-m", "pinprobe.running.lifeline", program, *arguments]
        self._port = port
        self._via = via
        self._home = reports / folder_name(app)
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._before: set[Path] = set()
        self.folder: Path | None = None

    def start(self) -> Path:
        """Returns the session's folder once it listens. Raises `DeviceError` where it does not come to that."""
        self._before = self._sessions()
        addon = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, [addon, os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Ctrl-C in the terminal is for `pinprobe run`, which ends the proxy when the device is as before.
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"},
        )
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()
        end_s = time.monotonic() + START_S
        while time.monotonic() < end_s:
            new = self._sessions() - self._before
            if new and not port_is_free(self._port, self._via):
                (self.folder,) = new
                return self.folder
            self.require_running()
            time.sleep(GLANCE_S)
        self.stop()
        raise DeviceError(f"mitmdump does not listen on port {self._port}.", self._words())

    def require_running(self) -> None:
        """Raise `DeviceError` where it has ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            if self._reader is not None:
                self._reader.join(2.0)
            raise DeviceError(f"mitmdump has ended (exit code {self._process.returncode}).", self._words())

    def stop(self) -> None:
        """End it and wait: it writes its report."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._reader is not None:
            self._reader.join(2.0)

    def _sessions(self) -> set[Path]:
        return {journal.parent for journal in self._home.glob(f"*/{JOURNAL}")}

    def _words(self) -> str:
        said = " ".join(" ".join(self._lines).split())
        return f"It said: {said[-600:]}" if said else "It said nothing."

    def _read(self, stdout: IO[bytes]) -> None:
        for raw in stdout:
            line = raw.decode("utf-8", "replace").rstrip()
            self._lines.append(line)
            if OURS in line:  # mitmproxy's own lines say less of each refusal than the verdicts do
                self._say(f"  {line.partition(OURS)[2]}")
        stdout.close()
