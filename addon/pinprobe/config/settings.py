"""From option values to one checked object."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pinprobe.config.file import read_config
from pinprobe.config.named import LONGEST_APP, named_apps, word
from pinprobe.config.options import ASKABLE, EXTRA_FORMATS, LIVE_WORDS, NO_BOUND, OPTIONS, check, pins_in
from pinprobe.config.tree import ConfigError
from pinprobe.probes import PROBES, STANDARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the proxy was told, checked."""

    app_id: str | None
    apk: tuple[Path, ...]
    device: str
    android_api: int | None
    listeners: tuple[tuple[int, str], ...]
    """Ports, and the app that each is for."""
    clients: tuple[tuple[str, str], ...]
    """Addresses, and the app that each runs."""
    adb: str
    """A serial, or auto; empty where no device may be asked."""
    logcat: bool
    """Whether the app's own log is read."""
    user_agents: tuple[tuple[str, str], ...]
    """Patterns, and the app that each means."""
    mode: str
    reports: Path
    journal_mb: int | None
    """Millions of bytes that a journal may grow to; None where there is no bound."""
    ca_store: str
    first_party: tuple[str, ...]
    catalog: tuple[Path, ...]
    """Files of hosts that the user knows."""
    quic: str
    """block or record."""
    probes: tuple[str, ...]
    """Probe ids, in the order of the table."""
    contrasts: bool
    replay_chains: Path | None
    public_roots: Path | None
    phase: str
    """How the session begins."""
    label: str
    backup_pins: tuple[str, ...]
    """For the pin sets that the report advises."""
    formats: tuple[str, ...]
    """Of the report, beside those that are always written; in the order of the table."""
    policy: Path | None
    live_port: int | None
    """Where the live report is served: 0 is any free port, None nowhere."""
    magic_host: bool


LONGEST_LABEL = 80
PACKAGE = r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+"
"""An Android package id."""


def settings_of(values: Mapping[str, Any], given: frozenset[str]) -> Settings:
    """Check option values; `given` names those that were set by hand and so win over the file.

    Raises `ConfigError`, whose message names the option and the fix.
    """
    merged: dict[str, Any] = {option.name: values.get(option.name, option.default) for option in OPTIONS}
    app = str(merged["pinprobe_app"]).strip()
    if path := merged["pinprobe_config"]:
        from_file = read_config(Path(path).expanduser(), app)
        merged.update({name: value for name, value in from_file.items() if name not in given})
    for option in OPTIONS:
        check(option, merged[option.name])
    return Settings(
        app_id=word(app, LONGEST_APP) or None,
        apk=tuple(path for one in merged["pinprobe_apk"] if (path := _existing("pinprobe_apk", one)) is not None),
        device=word(str(merged["pinprobe_device"]), LONGEST_LABEL),
        android_api=int(merged["pinprobe_android_api"]) if merged["pinprobe_android_api"] else None,
        listeners=tuple(
            (int(port), app) for port, app in named_apps("pinprobe_listeners", merged["pinprobe_listeners"]).items()
        ),
        clients=tuple(named_apps("pinprobe_clients", merged["pinprobe_clients"]).items()),
        adb=str(merged["pinprobe_adb"]).strip(),
        logcat=_logcat(merged["pinprobe_logcat"], app),
        user_agents=tuple(named_apps("pinprobe_user_agents", merged["pinprobe_user_agents"]).items()),
        mode=merged["pinprobe_mode"],
        reports=Path(merged["pinprobe_reports"]).expanduser(),
        journal_mb=None if (bound := merged["pinprobe_journal_mb"]) == NO_BOUND else int(bound),
        ca_store=merged["pinprobe_ca_store"],
        first_party=tuple(merged["pinprobe_first_party"]),
        catalog=tuple(path for one in merged["pinprobe_catalog"] if (path := _existing("pinprobe_catalog", one))),
        quic=merged["pinprobe_quic"],
        probes=_probes(merged["pinprobe_probes"], merged["pinprobe_mode"]),
        contrasts=merged["pinprobe_contrasts"] == "on",
        replay_chains=_existing("pinprobe_replay_chains", merged["pinprobe_replay_chains"]),
        public_roots=_existing("pinprobe_public_roots", merged["pinprobe_public_roots"]),
        phase=merged["pinprobe_phase"],
        label=word(str(merged["pinprobe_label"]), LONGEST_LABEL),
        backup_pins=pins_in(merged["pinprobe_backup_pins"]),
        formats=_formats(merged["pinprobe_formats"]),
        policy=_existing("pinprobe_policy", merged["pinprobe_policy"]),
        live_port=LIVE_WORDS[live] if (live := merged["pinprobe_live"]) in LIVE_WORDS else int(live),
        magic_host=merged["pinprobe_magic_host"] == "on",
    )


def _logcat(word: str, app: str) -> bool:
    if word == "on" and not re.fullmatch(PACKAGE, app):
        raise ConfigError(
            f"pinprobe_logcat=on reads the log of one app, and pinprobe_app={app!r} is no package id: give it as in "
            "com.example.app, or leave pinprobe_logcat off."
        )
    return word == "on"


def _asked(words: Any) -> list[str]:
    """What was asked for, in one word with commas or in several."""
    return [word.strip() for entry in words for word in entry.split(",") if word.strip()]


def _formats(words: Any) -> tuple[str, ...]:
    asked = {format for word in _asked(words) for format in (EXTRA_FORMATS if word == "all" else (word,))}
    if unknown := asked - set(EXTRA_FORMATS):
        raise ConfigError(
            f"pinprobe_formats={min(unknown)}: no such format; use all, or some of {', '.join(EXTRA_FORMATS)}. "
            "report.html and report.json are always written."
        )
    return tuple(format for format in EXTRA_FORMATS if format in asked)


def _probes(words: Any, mode: str) -> tuple[str, ...]:
    asked = _asked(words)
    askable = [plan.id for plan in PROBES if plan.family in ASKABLE or plan in STANDARD]
    groups = {"none": [], "all": askable, "standard": [plan.id for plan in STANDARD]}
    chosen = {probe_id for word in asked for probe_id in groups.get(word, [word])}
    if unknown := chosen - set(askable):
        raise ConfigError(
            f"pinprobe_probes={min(unknown)}: no such probe; use none, standard, all, or some of {', '.join(askable)}."
        )
    if chosen and mode == "observe":
        raise ConfigError(
            "pinprobe_probes and pinprobe_mode=observe exclude each other: observing means to intercept and nothing "
            "else. Leave one of them out."
        )
    return tuple(probe_id for probe_id in askable if probe_id in chosen)


def _existing(name: str, value: str) -> Path | None:
    if not value:
        return None
    path = Path(value).expanduser()
    if not path.exists():
        raise ConfigError(f"{name}={value}: there is no such file or folder.")
    return path
