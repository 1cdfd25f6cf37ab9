"""An `adb` of one device with nothing but a clock, processes and a log, as the reading of the log asks for them.

The device is a folder: `log` (text with a process id), `ps`, `gone` (it is not there any more), `asked`.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

SERIAL = "LAB1234567"
AHEAD_S = 3600.0
"""The device's clock is wrong."""
PROGRAM = '#!{python}\nimport runpy, sys\nsys.argv[0:1] = ["adb", {folder!r}]\nrunpy.run_path({here!r}, run_name="__main__")\n'


@dataclass(frozen=True)
class LogDevice:
    """The test's hand on it."""

    folder: Path

    def install(self) -> dict[str, str]:
        """The program, and the environment in which it is the only adb."""
        programs = self.folder / "bin"
        programs.mkdir(parents=True)
        program = programs / "adb"
        program.write_text(PROGRAM.format(python=sys.executable, folder=str(self.folder), here=__file__))
        program.chmod(0o755)
        (self.folder / "log").write_text("")
        self.runs({1: "init"})
        return {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}

    def runs(self, processes: dict[int, str]) -> None:
        rows = "".join(f"{pid:5} {1:5} {name}\n" for pid, name in processes.items())
        fresh = self.folder / "ps.new"
        fresh.write_text(f"  PID  PPID NAME\n{rows}")
        fresh.replace(self.folder / "ps")

    def writes(self, pid: int, *lines: str) -> None:
        at_s = time.time() + AHEAD_S
        with (self.folder / "log").open("a") as log:
            log.write("".join(f"{at_s:19.3f} {pid:5} {pid:5} W System.err: {line}\n" for line in lines))

    def leaves(self) -> None:
        (self.folder / "gone").touch()

    @property
    def is_followed(self) -> bool:
        """Whether the program that prints the log still runs."""
        try:
            os.kill(int((self.folder / "following").read_text()), 0)
        except (FileNotFoundError, ProcessLookupError):
            return False
        return True

    def asked_for(self, word: str) -> int:
        """How often the program was asked for something."""
        asked = self.folder / "asked"
        return asked.read_text().count(word) if asked.exists() else 0


def main(folder: Path, words: list[str]) -> int:
    with (folder / "asked").open("a") as asked:
        asked.write(f"{' '.join(words)}\n")
    gone = folder / "gone"
    if words[:2] == ["devices", "-l"]:
        print("List of devices attached")
        if not gone.exists():
            print(f"{SERIAL}             device usb:1-1 product:lab model:Lab")
        return 0
    if words[:2] != ["-s", SERIAL]:
        print("error: more than one device/emulator", file=sys.stderr)
        return 1
    if gone.exists():
        print(f"error: device '{SERIAL}' not found", file=sys.stderr)
        return 1
    match words[2:]:
        case ["shell", "date", "+%s.%N"]:
            print(f"{time.time() + AHEAD_S:.9f}")
        case ["shell", "ps"]:
            print("  PID  PPID NAME\n 9999     1 sh")
        case ["shell", "ps", "-A", "-o", "PID,PPID,NAME"]:
            print((folder / "ps").read_text(), end="")
        case ["logcat", "-v", "epoch", "-T", "1"]:
            return _follow(folder, gone)
        case _:
            print("adb: unknown command", file=sys.stderr)
            return 1
    return 0


def _follow(folder: Path, gone: Path) -> int:
    (folder / "following").write_text(str(os.getpid()))
    print("--------- beginning of main", flush=True)
    with (folder / "log").open() as log:
        while not gone.exists():
            if line := log.readline():
                sys.stdout.write(line)
                sys.stdout.flush()
            else:
                time.sleep(0.02)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
