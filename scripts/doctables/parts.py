"""What stands between the markers: each part's name, and the function that writes it from the code's own tables."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from doctables.markdown import table
from pinprobe import cli
from pinprobe.config import OPTIONS
from pinprobe.findings import FINDINGS
from pinprobe.probes import PROBES
from pinprobe.signals import SIGNALS
from pinprobe.thresholds import THRESHOLDS
from pinprobe.verdicts import RULES, Confidence


def rules() -> str:
    """The decision table, in order: the first row that matches decides."""
    rows = []
    for number, rule in enumerate(RULES, start=1):
        sure = "–" if rule.confidence is Confidence.NONE else str(rule.confidence)
        if rule.confirmed_if:
            sure += "; confirmed with " + ", or with ".join(
                " and ".join(map(code, group)) for group in rule.confirmed_if
            )
        needs = [*map(code, rule.present)]
        if rule.any_present:
            needs.append("any of " + ", ".join(map(code, rule.any_present)))
        needs += [f"not {code(signal)}" for signal in rule.lacking]
        rows.append((str(number), code(rule.id), str(rule.verdict), sure, rule.says, "; ".join(needs) or "–"))
    return table(("#", "rule", "verdict", "confidence", "says", "signals"), rows)


def signals() -> str:
    """A heading for each signal, from its card."""
    return "\n".join(
        f"#### {card.id}\n\n"
        f"*{card.title}* ({card.kind}). {card.asks}\n\n"
        f"Why it matters: {card.matters}\n\n"
        f"Limits: {card.limits}\n"
        for card in SIGNALS
    )


def probes() -> str:
    """What an attempt can be shown."""
    return table(
        ("probe", "what the client is shown", "reading"),
        [(code(probe.id), probe.title, probe.passing_means) for probe in PROBES],
    )


def thresholds() -> str:
    """Every number used in judging."""
    return table(
        ("number", "value", "reason"),
        [(code(one.name), f"{one.value:g} {one.unit}", one.reason) for one in THRESHOLDS],
    )


def findings() -> str:
    """The good-practice checks."""
    return table(
        ("finding", "level", "says", "why", "remedy"),
        [(code(one.id), str(one.level), one.title, one.why, one.remedy) for one in FINDINGS],
    )


def options() -> str:
    """Every option of the addon."""
    rows = []
    for option in OPTIONS:
        default = option.default if isinstance(option.default, str) else ", ".join(option.default)
        values = ", ".join(map(code, option.choices)) or "–"
        rows.append((code(option.name), code(default) if default else "–", values, option.help))
    return table(("option", "default", "values", "what it does"), rows)


def commands() -> str:
    """Every command of `pinprobe`, as its own help says it."""
    (commands,) = (one for one in cli._parser()._actions if isinstance(one, argparse._SubParsersAction))
    rows = []
    for action in commands._choices_actions:
        usage = commands.choices[action.dest].format_usage().removeprefix("usage: ")
        rows.append((code(" ".join(usage.replace(" [-h]", "").split())), action.help or ""))
    return table(("command", "what it does"), rows)


def exit_codes() -> str:
    """What a script can tell from the exit code."""
    return table(("exit code", "meaning"), [(str(number.value), meaning) for number, meaning in cli.EXIT_CODES])


def code(text: str) -> str:
    return f"`{text}`"


PARTS: dict[str, Callable[[], str]] = {
    "rules": rules,
    "signals": signals,
    "probes": probes,
    "thresholds": thresholds,
    "findings": findings,
    "options": options,
    "commands": commands,
    "exit-codes": exit_codes,
}
