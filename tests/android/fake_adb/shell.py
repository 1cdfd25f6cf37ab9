"""The device's shell, as far as pinprobe speaks to it: words, quotes, wildcards, `;`, `&&`, `||` and `$?`. Strict: all else
is a syntax error, and a program that is not in the table is exit code 127."""

from __future__ import annotations

import fnmatch
from typing import NamedTuple

from tests.android.fake_adb.commands import COMMANDS
from tests.android.fake_adb.phone import Failure, Phone

OPERATORS = (";", "&&", "||")
UNQUOTED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,@%+-*[]?")


class Output:
    """What a command said."""

    def __init__(self, code: int = 0, out: str = "", err: str = "") -> None:
        self.code, self.out, self.err = code, out, err


class Word(NamedTuple):
    """Of a line; `wild` has wildcards that the shell expands."""

    text: str
    wild: bool = False
    operator: bool = False


def run(phone: Phone, line: str) -> Output:
    """Run one line."""
    output = Output()
    try:
        words = tokens(line, output)
    except ValueError as error:
        return Output(code=2, err=f"/system/bin/sh: syntax error: {error}\n")
    command: list[Word] = []
    before = ";"
    for word in [*words, Word(";", operator=True)]:
        if not word.operator:
            command.append(word)
            continue
        if command and (before == ";" or (before == "&&") == (output.code == 0)):
            _simple(phone, command, output)
        command, before = [], word.text
    return output


def tokens(line: str, output: Output) -> list[Word]:
    """Words and operators. `$?` stands for itself until its command runs."""
    found: list[Word] = []
    word: str | None = None
    wild = False
    at = 0
    while at < len(line):
        char = line[at]
        if char == "'":
            end = line.find("'", at + 1)
            if end < 0:
                raise ValueError("no closing quote")
            word = (word or "") + line[at + 1 : end]
            at = end + 1
        elif char == '"' and line[at : at + 3] == '"\'"':
            word = (word or "") + "'"
            at += 3
        elif line[at : at + 2] == "$?":
            word = (word or "") + "\0code\0"
            at += 2
        elif char in " \t\n" or line.startswith(OPERATORS, at):
            if word is not None:
                found.append(Word(word, wild=wild))
                word, wild = None, False
            operator = next((op for op in OPERATORS if line.startswith(op, at)), None)
            if operator:
                found.append(Word(operator, operator=True))
            at += len(operator) if operator else 1
        elif char in UNQUOTED:
            word = (word or "") + char
            wild = wild or char in "*?["
            at += 1
        else:
            raise ValueError(f"unexpected {char!r}")
    if word is not None:
        found.append(Word(word, wild=wild))
    return found


def _simple(phone: Phone, command: list[Word], output: Output) -> None:
    arguments: list[str] = []
    for word in command:
        text = word.text.replace("\0code\0", str(output.code))
        arguments += (expand(phone, text) or [text]) if word.wild else [text]
    name, *rest = arguments
    program = COMMANDS.get(name)
    if program is None or phone.api < program.since:
        output.code = 127
        output.err += f"/system/bin/sh: {name}: inaccessible or not found\n"
        return
    try:
        output.out += program.run(phone, rest)
        output.code = 0
    except Failure as failure:
        output.code = failure.code
        # What a program prints before it fails goes to its output, as real ones do.
        output.err += f"{name}: {failure}\n"


def expand(phone: Phone, pattern: str) -> list[str]:
    """Wildcards in the last part of a path, or for the processes of /proc."""
    if pattern.startswith("/proc/[0-9]*/"):
        rest = pattern.removeprefix("/proc/[0-9]*")
        return [f"/proc/{pid}{rest}" for pid in phone.d["processes"]]
    folder, _, last = pattern.rpartition("/")
    try:
        return [f"{folder}/{name}" for name in phone.names_in(folder) if fnmatch.fnmatchcase(name, last)]
    except Failure:
        return []
