"""OPTIONS: everything that the proxy can be told, by `--set` or in the YAML file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pinprobe.config.named import KINDS, named_apps
from pinprobe.config.tree import ConfigError
from pinprobe.events import PHASES, TEST
from pinprobe.probes import Family


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


_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:()\[\]%@-]{0,127}", re.ASCII)

ASKABLE = frozenset({Family.BAD_CERTIFICATE, Family.STUFFED})
"""Families of probes that are shown only when asked for."""
MODES = ("experiment", "observe")
CA_STORES = ("unknown", "none", "user", "system")
EXTRA_FORMATS = ("sarif", "junit", "csv", "markdown")
"""Of the report, on request: `report.FORMATS` says what they are, and a test that it has just these."""

QUIC_WORDS = ("block", "record")
NO_BOUND = "off"
"""Of `pinprobe_journal_mb`."""
LIVE_WORDS: Mapping[str, int | None] = {"auto": 0, "off": None}
"""Of `pinprobe_live`, and the ports they stand for; 0 is any free one."""

OPTIONS: tuple[Option, ...] = (
    Option(
        name="pinprobe_app",
        default="",
        help="The app under test: its package id or any label. All traffic then counts as this app's, unless another "
        "source of attribution is in use.",
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
        name="pinprobe_journal_mb",
        default="2000",
        help="When a session's journal has grown to so many million bytes (2000 hold about a million connections), nothing "
        "more is recorded, and the report says since when. off: it grows as long as there is room.",
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
        name="pinprobe_phase",
        default=TEST,
        choices=PHASES,
        help="How the session begins. idle: the device alone, before the app starts. control: the app, everything "
        "relayed. test: the experiment. Change it while it runs with `pinprobe mark PHASE`, or by this option.",
    ),
    Option(
        name="pinprobe_label",
        default="",
        help="A word on this run, such as the app's version or the device. Runs with the same label should agree.",
    ),
    Option(
        name="pinprobe_apk",
        default=(),
        help="The app's package: an APK, its split APKs, an APKS or XAPK, or a folder of them. What it declares is then "
        "held against what was seen. Repeatable.",
    ),
    Option(
        name="pinprobe_device",
        default="",
        help="A word on the device, such as its model. Never its serial.",
    ),
    Option(
        name="pinprobe_android_api",
        default="",
        help="The device's API level, such as 34: some causes can then be excluded.",
    ),
    Option(
        name="pinprobe_listeners",
        default=(),
        help="Which app a listener's port is for, as 51820=com.example.app: a WireGuard listener or a proxy for that app "
        "alone. What comes another way is then nobody's. Repeatable.",
    ),
    Option(
        name="pinprobe_clients",
        default=(),
        help="Which app a device runs, by its address, as 192.0.2.7=com.example.app. Repeatable.",
    ),
    Option(
        name="pinprobe_adb",
        default="",
        help="A device that may be asked through adb while the proxy runs: its serial, or auto for the only one. Its "
        "table of sockets then says which app a connection belongs to.",
    ),
    Option(
        name="pinprobe_logcat",
        default="off",
        choices=("on", "off"),
        help="on: read the app's own log through adb (see pinprobe_adb; else the only device). Lines that name why a "
        "connection failed are joined to it; nothing else of the log is kept. Needs the app's package id.",
    ),
    Option(
        name="pinprobe_user_agents",
        default=(),
        help="Which app a user agent means, as ExampleApp/*=com.example.app; only for a note. Repeatable.",
    ),
    Option(
        name="pinprobe_backup_pins",
        default=(),
        help="Pins of keys of your own, kept offline, that no server uses yet: the backup in the pin sets that the report "
        "advises. `pinprobe pins` makes such a key. Repeatable.",
    ),
    Option(
        name="pinprobe_catalog",
        default=(),
        help="A CSV file (pattern,category,vendor) with hosts of your own, beside those that pinprobe knows. Repeatable.",
    ),
    Option(
        name="pinprobe_quic",
        default="block",
        choices=QUIC_WORDS,
        help="block: refuse QUIC, so that clients fall back to TCP, which is tested. record: let it pass, untested.",
    ),
    Option(
        name="pinprobe_formats",
        default=(),
        help="More forms of the report, beside report.html and report.json: all, or names such as sarif,junit.",
    ),
    Option(
        name="pinprobe_policy",
        default="",
        help="A YAML file with what is expected of the app: the report then says whether that is met.",
    ),
    Option(
        name="pinprobe_live",
        default="auto",
        help="The port of 127.0.0.1 where the report can be watched while the proxy runs; auto: any free one, printed "
        "at the start. off: nowhere.",
    ),
    Option(
        name="pinprobe_magic_host",
        default="off",
        choices=("on", "off"),
        help="on: show it through the proxy too, at http://pinprobe.test/. Everything that uses the proxy can read it "
        "there, the app under test among them.",
    ),
    Option(
        name="pinprobe_config",
        default="",
        help="A YAML file with these options, for all apps and per app. Options given by --set win over it.",
        in_file=False,
    ),
)


def check(option: Option, value: Any) -> None:
    """Whether an option may have this value. Raises `ConfigError`, which names the fix."""
    if option.choices and value not in option.choices:
        raise ConfigError(f"{option.name}={value!r}: use one of {', '.join(option.choices)}.")
    if option.name == "pinprobe_reports" and not str(value).strip():
        raise ConfigError("pinprobe_reports is empty: name a folder, such as reports.")
    if option.name == "pinprobe_live" and value not in LIVE_WORDS and not _is_port(value):
        raise ConfigError(f"pinprobe_live={value!r}: use auto, off, or the number of a port, 1 to 65535.")
    if option.name == "pinprobe_journal_mb" and value != NO_BOUND and not _is_megabytes(value):
        raise ConfigError(f"pinprobe_journal_mb={value!r}: give a number of millions of bytes, such as 2000, or off.")
    if option.name == "pinprobe_android_api" and value and not _is_api(value):
        raise ConfigError(f"pinprobe_android_api={value!r}: give the API level as a number, such as 34.")
    if option.name in KINDS:
        named_apps(option.name, value)
    if option.name == "pinprobe_adb" and value and not _SERIAL.fullmatch(value):
        raise ConfigError(f"pinprobe_adb={value!r}: give auto, or a serial as `adb devices` prints them.")
    if option.name == "pinprobe_backup_pins":
        try:
            pins_in(value)
        except ValueError as error:
            raise ConfigError(f"pinprobe_backup_pins: {error}.") from None
    if option.name == "pinprobe_first_party":
        for pattern in value:
            if not pattern.strip() or any(c in pattern for c in "/: \t"):
                raise ConfigError(
                    f"pinprobe_first_party={pattern!r} is no host pattern: write example.com or *.example.com, "
                    "without scheme, port or path."
                )


def _is_api(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) >= 1


def _is_megabytes(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9 and int(text) >= 1


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5 and 1 <= int(text) <= 65535


def pins_in(written: Sequence[str]) -> tuple[str, ...]:
    """Pins as people write them, each once. Raises ValueError, whose message says how."""
    if not written:
        return ()
    from pinprobe.advice import pin_in  # few give pins, and the proxy starts sooner without

    return tuple(dict.fromkeys(map(pin_in, written)))
