"""One device: what is asked of it, what is changed on it, and how its shell's answers come back."""

import re
import sys
from collections.abc import Callable, Iterable, Sequence

from pinprobe.device.adb import RECONNECT, Adb, Answer, failure
from pinprobe.device.errors import DeviceError, DeviceLost, Refused
from pinprobe.device.quoting import quoted

MISSING_PROGRAM = 127
TOGETHER = 25
"""Commands in one call of adb: a line for the device's shell stays far below its limit."""

_ENDS = re.compile(r"\[pinprobe ends (\d{1,3})\]\s*\Z")
_END = "echo '[pinprobe ends '$?']'"
"""Devices below Android 7 give no exit code back, and mix both outputs: so every command line says its own."""


class Device:
    """A device that is ready. Changes go through `change` and `adb_change`, so that a dry run can print them instead."""

    def __init__(self, adb: Adb, serial: str, *, dry: bool = False, say: Callable[[str], None] | None = None) -> None:
        self.adb = adb
        self.serial = serial
        self.dry = dry
        self.say = say or (lambda line: print(line, file=sys.stdout, flush=True))

    # -- reading ---------------------------------------------------------------------------------------------

    def ask(self, *words: str, timeout_s: float | None = None) -> Answer:
        """What the device answers to a command that changes nothing; any exit code of its own is an answer."""
        return self._shell(quoted(words), timeout_s)

    def line(self, *words: str) -> str:
        """Its first line, or nothing."""
        return next(iter(self.ask(*words).out.splitlines()), "").strip()

    def lines(self, *commands: Sequence[str]) -> list[str]:
        """What several commands print, one line each, in one call of adb: `getprop`, `settings get` and their like."""
        said = self._shell(" ; ".join(quoted(words) for words in commands), None).out.splitlines()
        if len(said) != len(commands):
            raise DeviceLost("The device's answer is not whole.", RECONNECT)
        return [line.strip() for line in said]

    def succeeds(self, *words: str) -> bool:
        """Whether the exit code is 0."""
        return self.ask(*words).code == 0

    # -- changing --------------------------------------------------------------------------------------------

    def change(self, *words: str, may_fail: bool = False, timeout_s: float | None = None) -> Answer:
        """Run what changes something. Raises `Refused` where the device's command fails, unless it may."""
        line = quoted(words)
        if self.dry:
            self._print_dry("shell", line)
            return Answer(code=0, out="", err="")
        answer = self._shell(line, timeout_s)
        if answer.code and not may_fail:
            raise self._refused(words, answer)
        return answer

    def change_each(self, commands: Iterable[Sequence[str]]) -> None:
        """Several, each of which may fail, in few calls of adb."""
        lines = [quoted(words) for words in commands]
        for start in range(0, len(lines), TOGETHER):
            together = " ; ".join(lines[start : start + TOGETHER])
            if self.dry:
                self._print_dry("shell", together)
            else:
                self._shell(together, None)

    def adb_change(self, *arguments: str, timeout_s: float | None = None) -> Answer:
        """A command of adb's own, such as push. Raises what adb's words mean where it fails."""
        if self.dry:
            self._print_dry(*arguments)
            return Answer(code=0, out="", err="")
        answer = self.adb.run(*arguments, serial=self.serial, timeout_s=timeout_s)
        if answer.code:
            raise failure(answer, f"`adb {arguments[0]}`")
        return answer

    def adb_ask(self, *arguments: str, timeout_s: float | None = None) -> Answer:
        """A command of adb's own that changes nothing. Raises the same."""
        answer = self.adb.run(*arguments, serial=self.serial, timeout_s=timeout_s)
        if answer.code:
            raise failure(answer, f"`adb {arguments[0]}`")
        return answer

    # -- inside ----------------------------------------------------------------------------------------------

    def _shell(self, line: str, timeout_s: float | None) -> Answer:
        answer = self.adb.run("shell", f"{line}; {_END}", serial=self.serial, timeout_s=timeout_s)
        ends = _ENDS.search(answer.out)
        if ends is None:
            error = failure(answer, "`adb shell`")
            if isinstance(error, Refused):
                # The device's shell always says how it ended; it did not, so it was cut off.
                raise DeviceLost(f"The device's answer broke off: {answer.said or 'nothing came'}.", error.step)
            raise error
        return Answer(code=int(ends[1]), out=answer.out[: ends.start()], err=answer.err)

    def _refused(self, words: Sequence[str], answer: Answer) -> DeviceError:
        if answer.code == MISSING_PROGRAM:
            return Refused(
                f"This device has no command `{words[0]}`: {answer.said}.",
                "Use another image, or do this step by hand.",
            )
        return Refused(
            f"`{quoted(words)[:200]}` failed on the device (exit code {answer.code}): {answer.said}.",
            "See docs/device.md.",
        )

    def _print_dry(self, *words: str) -> None:
        self.say(f"adb {quoted(['-s', self.serial, *words])}")
