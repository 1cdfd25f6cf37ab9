"""Option values, checked, with the fix in every message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.advice.made import OWN
from tests.config.words import settings

from pinprobe.config import EXTRA_FORMATS, LONGEST_APP, LONGEST_LABEL, ConfigError, Settings


def test_defaults() -> None:
    assert settings() == Settings(
        app_id=None,
        mode="experiment",
        reports=Path("reports"),
        ca_store="unknown",
        first_party=(),
        catalog=(),
        quic="block",
        probes=(),
        contrasts=True,
        replay_chains=None,
        public_roots=None,
        phase="test",
        label="",
        apk=(),
        device="",
        android_api=None,
        listeners=(),
        clients=(),
        adb="",
        logcat=False,
        user_agents=(),
        backup_pins=(),
        formats=(),
        policy=None,
        live_port=0,
        journal_mb=2000,
        magic_host=False,
    )


@pytest.mark.parametrize(
    ("text", "app_id"),
    [
        ("", None),
        ("   ", None),
        ("com.example.app", "com.example.app"),
        (" Example App ", "Example App"),
        ("../../etc", "../../etc"),
        ("new\nline\x1b[2J", "new line [2J"),
        ("a" * 500, "a" * LONGEST_APP),
    ],
)
def test_the_app_is_any_label_without_control_characters(text: str, app_id: str | None) -> None:
    assert settings(app=text).app_id == app_id


def test_backup_pins_are_taken_with_their_prefix_and_without() -> None:
    assert settings(backup_pins=(f"sha256/{OWN}", OWN)).backup_pins == (OWN,)


@pytest.mark.parametrize("pin", ["", "sha1/" + OWN, OWN[:-2], "example.com"])
def test_a_backup_pin_that_is_none_is_refused(pin: str) -> None:
    with pytest.raises(ConfigError, match=r"pinprobe_backup_pins: .* is no pin: give the base64"):
        settings(backup_pins=(pin,))


@pytest.mark.parametrize("phase", ["idle", "control", "test"])
def test_a_session_may_begin_in_any_phase(phase: str) -> None:
    assert settings(phase=phase).phase == phase


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("", ""),
        (" 1.2.3 on a tablet ", "1.2.3 on a tablet"),
        ("new\nline\x1b[2J", "new line [2J"),
        ("a" * 500, "a" * LONGEST_LABEL),
    ],
)
def test_the_label_is_any_word_without_control_characters(text: str, label: str) -> None:
    assert settings(label=text).label == label


def test_a_home_folder_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert settings(reports="~/reports").reports == Path("/home/someone/reports")


def test_apps_are_named_by_port_address_and_user_agent() -> None:
    told = settings(
        listeners=["51820=com.example.one", " 8081 = com.example.two", "08082=com.example.two"],
        clients=["192.0.2.7=com.example.one", "::ffff:192.0.2.8=com.example.two", "2001:DB8::0:1=com.example.two"],
        user_agents=["Example App/*=com.example.one"],
        adb="auto",
    )
    assert told.listeners == ((51820, "com.example.one"), (8081, "com.example.two"), (8082, "com.example.two"))
    assert told.clients == (
        ("192.0.2.7", "com.example.one"),
        ("192.0.2.8", "com.example.two"),
        ("2001:db8::1", "com.example.two"),
    )
    assert (told.user_agents, told.adb) == ((("Example App/*", "com.example.one"),), "auto")


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "mode": ({"mode": "passive"}, "use one of experiment, observe"),
    "CA store": ({"ca_store": "root"}, "use one of unknown, none, user, system"),
    "contrasts": ({"contrasts": "maybe"}, "use one of on, off"),
    "listeners": ({"listeners": ["com.example.one"]}, "write a port and an app"),
    "a port beyond": ({"listeners": ["65536=com.example.one"]}, "write a port and an app"),
    "a port's app": ({"listeners": ["8081="]}, "write a port and an app"),
    "one port twice": ({"listeners": ["8081=com.example.one", "8081=com.example.two"]}, "give each one app"),
    "clients": ({"clients": ["phone=com.example.one"]}, "write an address and an app"),
    "user agents": ({"user_agents": ["*=com.example.one"]}, "write a pattern and an app"),
    "adb": ({"adb": "-s; reboot"}, "give auto, or a serial"),
    "phase": ({"phase": "warm-up"}, "use one of idle, control, test"),
    "no folder": ({"reports": "  "}, "name a folder"),
    "a URL as host": ({"first_party": ["https://example.com"]}, "without scheme, port or path"),
    "a port in it": ({"first_party": ["example.com:443"]}, "without scheme, port or path"),
    "an empty pattern": ({"first_party": [""]}, "write example.com or"),
    "two in one": ({"first_party": ["a.com b.com"]}, "write example.com or"),
    "no such probe": ({"probes": ["selfsigned"]}, "self_signed"),
    "probes in observe mode": ({"probes": ["self_signed"], "mode": "observe"}, "observe"),
    "no such file": ({"replay_chains": "/nowhere/chains.pem"}, "pinprobe_replay_chains"),
    "no such roots": ({"public_roots": "/nowhere/roots.pem"}, "pinprobe_public_roots"),
    "no such format": ({"formats": ["pdf"]}, "use all, or some of sarif, junit, csv, markdown"),
    "a format that is always written": ({"formats": ["json"]}, "report.json are always written"),
    "no number of a port": ({"live": "0"}, "use auto, off, or the number of a port, 1 to 65535"),
    "too large a port": ({"live": "65536"}, "use auto, off, or the number of a port"),
    "no number at all": ({"live": "http"}, "use auto, off, or the number of a port"),
    "digits of another script": ({"live": "٨٠٨٠"}, "use auto, off, or the number of a port"),
    "a bound of nothing": ({"journal_mb": "0"}, "a number of millions of bytes, such as 2000, or off"),
    "a bound with its unit": ({"journal_mb": "2 GB"}, "a number of millions of bytes, such as 2000, or off"),
    "a magic host by name": ({"magic_host": "example.com"}, "use one of on, off"),
    "no such policy": ({"policy": "/nowhere/policy.yaml"}, "pinprobe_policy"),
    "no such config": ({"config": "/nowhere/pinprobe.yaml"}, "cannot be read"),
}


@pytest.mark.parametrize(("values", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_option_is_refused_with_its_name_and_the_fix(values: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(**values)
    assert says in str(caught.value)
    assert f"pinprobe_{next(iter(values))}" in str(caught.value)


@pytest.mark.parametrize(
    ("words", "some"),
    [
        (["none"], ()),
        (["self_signed"], ("self_signed",)),
        (["wrong_host,self_signed"], ("self_signed", "wrong_host")),
        ([" wrong_host , ", "wrong_host"], ("wrong_host",)),
        (["none", "expired"], ("expired",)),
    ],
)
def test_probes_are_named_in_any_way_and_kept_in_the_tables_order(words: list[str], some: tuple[str, ...]) -> None:
    assert settings(probes=words).probes == some


def test_standard_and_all() -> None:
    standard, all_of_them = settings(probes=["standard"]).probes, settings(probes=["all"]).probes
    assert set(standard) == {"self_signed", "unknown_ca", "wrong_host", "expired", "stuffed_chain"}
    assert set(standard) < set(all_of_them)
    assert not {"trusted_ca", "relay", "replay_foreign", "mimic_genuine"} & set(all_of_them)


@pytest.mark.parametrize(
    ("words", "formats"),
    [([], ()), (["junit, sarif"], ("sarif", "junit")), (["all"], EXTRA_FORMATS), (["csv", "csv"], ("csv",))],
)
def test_formats_are_named_in_any_way_and_kept_in_the_tables_order(words: list[str], formats: tuple[str, ...]) -> None:
    assert settings(formats=words).formats == formats


@pytest.mark.parametrize(("word", "bound"), [("2000", 2000), ("1", 1), ("off", None)])
def test_a_journal_has_a_bound_or_none(word: str, bound: int | None) -> None:
    assert settings(journal_mb=word).journal_mb == bound


@pytest.mark.parametrize(("word", "port"), [("auto", 0), ("off", None), ("8899", 8899), ("65535", 65535)])
def test_the_live_report_has_a_port_or_none(word: str, port: int | None) -> None:
    assert settings(live=word).live_port == port


def test_the_magic_host_is_asked_for() -> None:
    assert settings(magic_host="on").magic_host


def test_a_policy_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("")
    assert settings(policy=str(tmp_path / "policy.yaml")).policy == tmp_path / "policy.yaml"


@pytest.mark.parametrize("app", ["", "shop", "Example App", "com.example.app; reboot", "com..app", "-s.x"])
def test_a_log_is_read_of_a_package_alone(app: str) -> None:
    with pytest.raises(ConfigError, match="is no package id"):
        settings(app=app, logcat="on")
    assert settings(app="com.example.app", logcat="on").logcat and not settings(app=app).logcat


def test_a_table_of_hosts_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("pattern,category,vendor\n")
    assert settings(catalog=(str(tmp_path / "mine.csv"),)).catalog == (tmp_path / "mine.csv",)
    with pytest.raises(ConfigError, match=r"pinprobe_catalog=nowhere\.csv"):
        settings(catalog=("nowhere.csv",))
