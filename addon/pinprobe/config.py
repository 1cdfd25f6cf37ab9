"""Options and YAML into one checked object. The only reader of YAML."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pinprobe.probes import PROBES, STANDARD, Family


class ConfigError(ValueError):
    """A setting that cannot be used; the message names it and the fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of the proxy, set with `--set pinprobe_NAME=VALUE` or in the YAML file."""

    name: str
    default: str | tuple[str, ...]
    help: str
    choices: tuple[str, ...] = ()
    in_file: bool = True
    """False for what the YAML file itself cannot set."""

    @property
    def key(self) -> str:
        """The name in the YAML file."""
        return self.name.removeprefix("pinprobe_")


ASKABLE = frozenset({Family.BAD_CERTIFICATE, Family.STUFFED})
"""Families of probes that are shown only when asked for."""
MODES = ("experiment", "observe")
CA_STORES = ("unknown", "none", "user", "system")

OPTIONS: tuple[Option, ...] = (
    Option(
        name="pinprobe_app",
        default="",
        help="The app under test: its package id or any label. All traffic is then counted as this app's.",
        in_file=False,
    ),
    Option(
        name="pinprobe_mode",
        default="experiment",
        choices=MODES,
        help="experiment: relay some connections untouched as a control, and show contrasts where a verdict hangs on "
        "them. observe: intercept everything, relay nothing.",
    ),
    Option(
        name="pinprobe_reports",
        default="reports",
        help="Folder for journals and reports, made where it is missing; relative to the current folder.",
    ),
    Option(
        name="pinprobe_ca_store",
        default="unknown",
        choices=CA_STORES,
        help="Where the device holds the proxy's CA: none, user or system store. Some verdicts need to know.",
    ),
    Option(
        name="pinprobe_first_party",
        default=(),
        help="The developer's own hosts: example.com means it and all below it, * is a wildcard. Repeatable.",
    ),
    Option(
        name="pinprobe_probes",
        default=(),
        help="Bad certificates to show as well: none, standard, all, or names such as self_signed,wrong_host. Each fails "
        "some connections of the app. Needs experiment mode.",
    ),
    Option(
        name="pinprobe_contrasts",
        default="on",
        choices=("on", "off"),
        help="off: show no contrasts and replays where a verdict hangs on them; fewer connections fail, less is decided.",
    ),
    Option(
        name="pinprobe_replay_chains",
        default="",
        help="A PEM file, or a folder of them, with genuine certificate chains of other hosts for the keyless replay.",
    ),
    Option(
        name="pinprobe_public_roots",
        default="",
        help="A PEM bundle of the roots that plain devices trust, for a lab with its own; default: those mitmproxy brings.",
    ),
    Option(
        name="pinprobe_config",
        default="",
        help="A YAML file with these options, for all apps and per app. Options given by --set win over it.",
        in_file=False,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the proxy was told, checked."""

    app_id: str | None
    mode: str
    reports: Path
    ca_store: str
    first_party: tuple[str, ...]
    probes: tuple[str, ...]
    """Probe ids, in the order of the table."""
    contrasts: bool
    replay_chains: Path | None
    public_roots: Path | None


LONGEST_APP = 200


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
        _check(option, merged[option.name])
    return Settings(
        app_id="".join(c if c.isprintable() else " " for c in app)[:LONGEST_APP].strip() or None,
        mode=merged["pinprobe_mode"],
        reports=Path(merged["pinprobe_reports"]).expanduser(),
        ca_store=merged["pinprobe_ca_store"],
        first_party=tuple(merged["pinprobe_first_party"]),
        probes=_probes(merged["pinprobe_probes"], merged["pinprobe_mode"]),
        contrasts=merged["pinprobe_contrasts"] == "on",
        replay_chains=_existing("pinprobe_replay_chains", merged["pinprobe_replay_chains"]),
        public_roots=_existing("pinprobe_public_roots", merged["pinprobe_public_roots"]),
    )


def _probes(words: Any, mode: str) -> tuple[str, ...]:
    asked = [word.strip() for entry in words for word in entry.split(",") if word.strip()]
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


def _check(option: Option, value: Any) -> None:
    if option.choices and value not in option.choices:
        raise ConfigError(f"{option.name}={value!r}: use one of {', '.join(option.choices)}.")
    if option.name == "pinprobe_reports" and not str(value).strip():
        raise ConfigError("pinprobe_reports is empty: name a folder, such as reports.")
    if option.name == "pinprobe_first_party":
        for pattern in value:
            if not pattern.strip() or any(c in pattern for c in "/: \t"):
                raise ConfigError(
                    f"pinprobe_first_party={pattern!r} is no host pattern: write example.com or *.example.com, "
                    "without scheme, port or path."
                )


def read_config(path: Path, app: str) -> dict[str, Any]:
    """The options that a YAML file sets for an app: those for all apps, then those under its name.

    Raises `ConfigError` for a missing file, bad YAML, or a key or value that has no meaning, with the line number.
    """
    try:
        import yaml
    except ImportError as error:
        raise ConfigError(
            "pinprobe_config needs PyYAML, which this Python lacks: pip install pyyaml, or give the options by --set."
        ) from error
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"pinprobe_config={path}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"pinprobe_config={path}: not YAML: {error}") from error
    if root is None:
        return {}
    found: dict[str, Any] = {}
    apps = None
    for key, node in _items(path, root):
        if key.value == "apps":
            apps = node
        else:
            found.update(_option(path, key, node))
    if apps is not None:
        for name, node in _items(path, apps):
            own: dict[str, Any] = {}
            for key, value in _items(path, node):
                own.update(_option(path, key, value))
            if name.value == app:
                found.update(own)
    return found


def _items(path: Path, node: Any) -> list[tuple[Any, Any]]:
    if node.id != "mapping":
        raise ConfigError(f"{path}:{node.start_mark.line + 1}: keys and values belong here, as in mode: observe.")
    for key, _ in node.value:
        if key.id != "scalar":
            raise ConfigError(f"{path}:{key.start_mark.line + 1}: a key must be a plain word.")
    return list(node.value)


def _option(path: Path, key: Any, node: Any) -> dict[str, Any]:
    where = f"{path}:{key.start_mark.line + 1}"
    option = next((o for o in OPTIONS if o.in_file and o.key == key.value), None)
    if option is None:
        known = ", ".join(o.key for o in OPTIONS if o.in_file)
        raise ConfigError(f"{where}: unknown key {key.value!r}; known are {known}, and apps at the top.")
    value: Any
    if isinstance(option.default, tuple):
        entries = node.value if node.id == "sequence" else [node]
        if any(entry.id != "scalar" for entry in entries):
            raise ConfigError(f"{where}: {key.value} wants a list of words.")
        value = tuple(entry.value for entry in entries)
    elif node.id == "scalar":
        value = node.value
    else:
        raise ConfigError(f"{where}: {key.value} wants a single word.")
    try:
        _check(option, value)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error
    return {option.name: value}
