"""What stands between the markers: each part's name, and the function that writes it from the code's own tables."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from doctables.markdown import table
from pinprobe import cli
from pinprobe.advice import ADVISED, APPROACHES, CAUTIONS, SNIPPETS
from pinprobe.attribution import SOURCES
from pinprobe.config import OPTIONS
from pinprobe.findings import FINDINGS
from pinprobe.libraries import LIBRARIES
from pinprobe.probes import PROBES, Family
from pinprobe.report import FORMATS
from pinprobe.report.ruling import WITH_ID
from pinprobe.runs import READINGS
from pinprobe.signals import SIGNALS
from pinprobe.thresholds import (
    BAD_CERTIFICATES_EACH,
    CONTRAST_NEEDED,
    RELAY_EVERY,
    REPLAYS_NEEDED,
    THRESHOLDS,
)
from pinprobe.verdicts import RULES, Confidence

FAMILIES = {
    Family.INTERCEPTION: "interception",
    Family.CONTROL: "control",
    Family.CONTRAST: "contrast",
    Family.REPLAY: "replay",
    Family.BAD_CERTIFICATE: "bad certificate",
    Family.STUFFED: "stuffed chain",
}
TWICE = f"{CONTRAST_NEEDED} connections"
WHEN_OF_FAMILY = {
    Family.REPLAY: "automatically, where an endpoint refuses inside the handshake with an alert; each chain on "
    f"{REPLAYS_NEEDED} connections, and the same chains on an accepting endpoint of the same TLS stack, as reference.",
    Family.BAD_CERTIFICATE: "only when asked for by `pinprobe_probes`, and only once an endpoint is decided under "
    f"trusted_ca; on {BAD_CERTIFICATES_EACH} connections of each endpoint.",
    Family.STUFFED: "automatically once, at an endpoint that refuses every time although the CA seems to be trusted; "
    f"on {BAD_CERTIFICATES_EACH} connections when asked for by `pinprobe_probes`.",
}
WHEN = {
    "trusted_ca": "always: the first connections of every endpoint, and again and again later. In `observe` mode, "
    "nothing else.",
    "relay": "automatically, in turns with trusted_ca once an endpoint has refused, and about every "
    f"{RELAY_EVERY}th connection of one that accepts.",
    "relay_delayed": f"automatically, where handshakes are closed without an alert; {TWICE}.",
    "unknown_ca": "automatically, where an endpoint refuses only after the handshake, and at an endpoint that is to "
    f"vouch for others of its TLS stack; {TWICE}. Elsewhere when asked for by `pinprobe_probes`.",
    "mimic_genuine": f"automatically, where an endpoint refuses although its TLS stack seems to trust the CA; {TWICE}.",
    "expired_unknown_ca": "automatically, where an endpoint refuses with alert unknown_ca (48), beside expired; "
    f"{TWICE}.",
    "expired": "automatically, where an endpoint refuses with alert unknown_ca (48), beside expired_unknown_ca; "
    f"{TWICE}. Elsewhere when asked for by `pinprobe_probes`.",
}
"""When a probe is shown: the part of the schedule that a user must know. `pinprobe_contrasts=off` ends the contrasts
and replays among them."""


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


def readings() -> str:
    """How several runs are read together, in order: the first row that matches decides."""
    rows = []
    for number, row in enumerate(READINGS, start=1):
        rule = f"{code(row.rule.id)}: {row.rule.verdict.replace('_', ' ')}" if row.rule is not None else "the run's own"
        rows.append((str(number), row.when, row.says, rule))
    return table(("#", "what the runs did", "what it means", "rule"), rows)


def signals() -> str:
    """A heading for each signal, from its card."""
    return "\n".join(
        f"#### {card.id}\n\n"
        f"*{card.title}* ({card.kind}). {card.asks}\n\n"
        f"Why it matters: {card.matters}\n\n"
        + (f"Trigger: {card.trigger}\n\n" if card.trigger else "")
        + (f"Rules out: {card.rules_out}\n\n" if card.rules_out else "")
        + f"Limits: {card.limits}\n"
        for card in SIGNALS
    )


def probes() -> str:
    """A heading for each probe, from its plan."""
    return "\n".join(
        f"### {probe.id}\n\n"
        f"*{probe.title}* ({FAMILIES[probe.family]})\n\n"
        f"Shown: {probe.shows}\n\n"
        f"Passing: {probe.passing_means}\n\n"
        f"When: {WHEN.get(probe.id) or WHEN_OF_FAMILY[probe.family]}\n"
        for probe in PROBES
    )


def probe_list() -> str:
    """All probes at a glance."""
    return table(
        ("probe", "what the client is shown", "family", "when"),
        [
            (
                f"[`{probe.id}`](#{probe.id})",
                probe.title,
                FAMILIES[probe.family],
                "only when asked for"
                if probe.family is Family.BAD_CERTIFICATE and probe.id not in WHEN
                else "automatically",
            )
            for probe in PROBES
        ],
    )


def sources() -> str:
    """Who can tell which app a connection belongs to, the most trusted first."""
    return table(
        ("source", "rests on", "how sure"),
        [(code(one.id), one.rests_on, one.sure) for one in SOURCES],
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


def finding_headings() -> str:
    """A heading for each finding, and for each way to break a policy that is none."""
    return "\n".join(
        f"## {one.id}\n\n"
        f"*{one.title}* ({one.level})\n\n"
        f"Why it matters: {one.why}\n\n"
        f"What to do: {one.remedy}\n" + (f"\nReferences: {', '.join(one.references)}.\n" if one.references else "")
        for one in WITH_ID
    )


def policy_keys() -> str:
    """Every key of a policy, from its JSON Schema."""
    schema = json.loads((files("pinprobe.policy") / "policy.schema.json").read_text())
    rows: list[tuple[str, str, str, str]] = []

    def add(above: str, keys: dict[str, Any], required: list[str]) -> None:
        for name, field in keys.items():
            field = {**_definition(schema, field), **field}
            words = ", ".join(map(code, field.get("enum", []))) or "–"
            rows.append((code(above + name), "yes" if name in required else "–", words, field["description"]))
            below = _definition(schema, field.get("items", {}))
            if "properties" in below:
                add(f"{name}[].", below["properties"], below["required"])

    add("", schema["properties"], schema["required"])
    return table(("key", "required", "values", "what it says"), rows)


def _definition(schema: dict[str, Any], field: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema["$defs"][field["$ref"].rpartition("/")[2]] if "$ref" in field else field
    return found


def pin_cautions() -> str:
    """When not to pin, and who can tell."""
    return table(
        ("where", "then", "seen by pinprobe"),
        [(one.when, one.says, "no, ask yourself" if one.applies is None else "yes") for one in CAUTIONS],
    )


def pin_approaches() -> str:
    """The ways to pin, side by side; the advised one is marked."""
    return table(
        ("approach", "protects", "the certificate is renewed", "another intermediate or CA", "a key is stolen", "cost"),
        [
            (
                f"**{one.title}**" if one.id == ADVISED else one.title,
                one.protects,
                one.renewal,
                one.new_ca,
                one.compromise,
                one.cost,
            )
            for one in APPROACHES
        ],
    )


def pin_forms() -> str:
    """The forms in which a pin set can be had."""
    return table(
        ("form", "what it is", "file", "what it binds", "at the set's end"),
        [(code(one.id), one.title, code(one.file_name), one.does, one.ends) for one in SNIPPETS],
    )


def libraries() -> str:
    """Libraries that a package is searched for, and what each can do by itself."""
    asked = ("pins", "does_ct", "own_roots", "exempts_user_cas", "ignores_proxy")
    rows = [
        (code(one.id), one.title, *("yes" if getattr(one, question) else "" for question in asked), one.means)
        for one in LIBRARIES
    ]
    heads = ("can pin", "can check CT", "roots of its own choice", "exempts user-added CAs", "ignores the proxy")
    return table(("id", "library", *heads, "for judging"), rows)


def formats() -> str:
    """Every form of a report."""
    return table(
        ("form", "file", "media type", "written"),
        [
            (code(one.id), code(one.file_name), one.media_type, "always" if one.always else "when asked for")
            for one in FORMATS
        ],
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
    "readings": readings,
    "signals": signals,
    "probes": probes,
    "probe-list": probe_list,
    "thresholds": thresholds,
    "findings": findings,
    "finding-headings": finding_headings,
    "policy-keys": policy_keys,
    "pin-cautions": pin_cautions,
    "pin-approaches": pin_approaches,
    "pin-forms": pin_forms,
    "sources": sources,
    "libraries": libraries,
    "formats": formats,
    "options": options,
    "commands": commands,
    "exit-codes": exit_codes,
}
