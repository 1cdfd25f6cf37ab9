"""From a YAML file's words to a policy. Every error names file, line, key and the fix. Pure.

`policy.schema.json` says the same to editors; a test holds the two together.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pinprobe.config import ConfigError, Items, Keys, Tree, Word
from pinprobe.findings import FINDINGS, Level
from pinprobe.policy.model import ANY, CONFIDENCES, MASVS, VERDICTS, VERSION, Expectation, Policy, Waiver
from pinprobe.policy.pattern import HostPattern
from pinprobe.report.ruling import COVERAGE, EXPECT

FIRST_PARTY = r"^[^\s/:]+$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
FINDING_IDS = tuple(check.id for check in FINDINGS)
FAIL_ON = (*(level.value for level in Level), *FINDING_IDS)
FAIL_ON_UNLESS_SAID = (Level.ERROR.value,)
WAIVABLE = (EXPECT, COVERAGE, *FINDING_IDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _At:
    """Where in the file we are."""

    path: str
    key: str = ""

    def below(self, key: str) -> "_At":
        return replace(self, key=f"{self.key}.{key}" if self.key else key)

    def wrong(self, line: int, what: str) -> ConfigError:
        return ConfigError(f"{self.path}:{line}: {self.key + ': ' if self.key else ''}{what}")


Read = Callable[[Tree, _At], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """One key: how its value is read, and whether it must be there."""

    read: Read
    required: bool = False


def policy_of(tree: Tree | None, path: str) -> Policy:
    """The policy in a file. Raises `ConfigError` for what is none."""
    at = _At(path=path)
    if tree is None:
        raise at.wrong(
            1, f"the file is empty; a policy begins with version: {VERSION}, and `pinprobe init` writes one."
        )
    found = _keys(tree, at, POLICY_KEYS)
    return Policy(
        name=re.split(r"[\\/]", path)[-1],
        app=found.get("app"),
        masvs=found.get("masvs", MASVS[0]),
        first_party=found.get("first_party", ()),
        expect=found.get("expect", ()),
        coverage=found.get("coverage", ()),
        fail_on=found.get("fail_on", FAIL_ON_UNLESS_SAID),
        waivers=found.get("waivers", ()),
    )


def _keys(tree: Tree, at: _At, known: Mapping[str, _Key]) -> dict[str, Any]:
    """The values of a mapping, by key."""
    if not isinstance(tree, Keys):
        raise at.wrong(tree.line, f"keys and values belong here: {', '.join(known)}.")
    found = {}
    for word, value in tree.entries:
        key = known.get(word.text)
        if key is None:
            raise at.wrong(word.line, f"unknown key {word.text!r}; known are {', '.join(known)}.")
        found[word.text] = key.read(value, at.below(word.text))
    if missing := [name for name, key in known.items() if key.required and name not in found]:
        raise at.wrong(tree.line, f"{missing[0]} is missing; add {missing[0]}: {EXAMPLES[missing[0]]}")
    return found


def _many(read: Read) -> Read:
    def items(tree: Tree, at: _At) -> tuple[Any, ...]:
        if not isinstance(tree, Items):
            raise at.wrong(tree.line, "a list belongs here: put a dash before each entry, or leave the key out.")
        return tuple(read(item, at) for item in tree.items)

    return items


def _text(tree: Tree, at: _At) -> str:
    if not isinstance(tree, Word):
        raise at.wrong(tree.line, "a single text belongs here.")
    if tree.kind != "str":
        raise at.wrong(tree.line, f"YAML takes {tree.text or 'nothing'!r} for no text ({tree.kind}); put it in quotes.")
    if not tree.text.strip():
        raise at.wrong(tree.line, "the text is empty; say something, or leave the entry out.")
    return tree.text


def _one_of(*words: str) -> Read:
    def choice(tree: Tree, at: _At) -> str:
        text = tree.text if isinstance(tree, Word) else ""
        if text not in words:
            raise at.wrong(tree.line, f"{_shown(tree)} has no meaning here; use one of {', '.join(words)}.")
        return text

    return choice


def _version(tree: Tree, at: _At) -> int:
    if not isinstance(tree, Word) or (tree.text, tree.kind) != (str(VERSION), "int"):
        raise at.wrong(tree.line, f"{_shown(tree)} is no version that this pinprobe reads; write {VERSION}.")
    return VERSION


def _host(tree: Tree, at: _At) -> HostPattern:
    pattern = HostPattern.of(_text(tree, at))
    if pattern is None:
        raise at.wrong(
            tree.line,
            f"{_shown(tree)} is no host pattern; write api.example.com, *.example.com or api.example.com:8443, "
            "without scheme or path.",
        )
    return pattern


def _first_party(tree: Tree, at: _At) -> str:
    if not re.fullmatch(FIRST_PARTY, text := _text(tree, at)):
        raise at.wrong(
            tree.line,
            f"{_shown(tree)} is no host pattern; write example.com, which means all below it too, without scheme, "
            "port or path.",
        )
    return text


def _day(tree: Tree, at: _At) -> date:
    try:
        if isinstance(tree, Word) and re.fullmatch(DAY, tree.text):
            return date.fromisoformat(tree.text)
    except ValueError:  # such as the 31st of February
        pass
    raise at.wrong(tree.line, f"{_shown(tree)} is no day; write it as {EXAMPLES['until']}")


def _expectation(tree: Tree, at: _At) -> Expectation:
    found = _keys(tree, at, EXPECTATION_KEYS)
    if found["verdict"] == ANY and "confidence" in found:
        raise at.wrong(tree.line, f"confidence says nothing beside verdict: {ANY}; leave it out.")
    return Expectation(**{"confidence": next(iter(CONFIDENCES)), **found})


def _waiver(tree: Tree, at: _At) -> Waiver:
    return Waiver(line=tree.line, **_keys(tree, at, WAIVER_KEYS))


def _shown(tree: Tree) -> str:
    return f"{tree.text:.80}".__repr__() if isinstance(tree, Word) else "this"


POLICY_KEYS: Mapping[str, _Key] = {
    "version": _Key(read=_version, required=True),
    "app": _Key(read=_text),
    "masvs": _Key(read=_one_of(*MASVS)),
    "first_party": _Key(read=_many(_first_party)),
    "expect": _Key(read=_many(_expectation)),
    "coverage": _Key(read=_many(_host)),
    "fail_on": _Key(read=_many(_one_of(*FAIL_ON))),
    "waivers": _Key(read=_many(_waiver)),
}
EXPECTATION_KEYS: Mapping[str, _Key] = {
    "host": _Key(read=_host, required=True),
    "verdict": _Key(read=_one_of(*VERDICTS), required=True),
    "confidence": _Key(read=_one_of(*CONFIDENCES)),
}
WAIVER_KEYS: Mapping[str, _Key] = {
    "what": _Key(read=_one_of(*WAIVABLE), required=True),
    "host": _Key(read=_host, required=True),
    "reason": _Key(read=_text, required=True),
    "until": _Key(read=_day, required=True),
}
EXAMPLES = {
    "version": f"{VERSION}",
    "host": "api.example.com",
    "verdict": "pinned",
    "what": "PIN-101",
    "reason": "why this is let pass.",
    "until": "2027-12-31",
}
"""What to write where something is missing."""
