"""Options and the YAML file: checked, with the fix in every message."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest

from pinprobe.config import LONGEST_APP, OPTIONS, ConfigError, Settings, settings_of


def settings(given: frozenset[str] | None = None, **values: Any) -> Settings:
    """Settings with these options, named without their prefix, given by hand unless said otherwise."""
    named = {f"pinprobe_{name}": value for name, value in values.items()}
    return settings_of(named, frozenset(named) if given is None else given)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pinprobe.yaml"


def from_file(file: Path, text: str, **values: Any) -> Settings:
    file.write_text(text)
    return settings(config=str(file), **values)


def test_defaults() -> None:
    assert settings() == Settings(
        app_id=None,
        mode="experiment",
        reports=Path("reports"),
        ca_store="unknown",
        first_party=(),
        probes=(),
        contrasts=True,
        replay_chains=None,
        public_roots=None,
    )


def test_every_option_is_prefixed_and_explained() -> None:
    for option in OPTIONS:
        assert option.name == f"pinprobe_{option.key}"
        assert option.help.strip() == option.help and option.help.endswith(".")
        assert not option.choices or option.default in option.choices


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


def test_a_home_folder_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert settings(reports="~/reports").reports == Path("/home/someone/reports")


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "mode": ({"mode": "passive"}, "use one of experiment, observe"),
    "CA store": ({"ca_store": "root"}, "use one of unknown, none, user, system"),
    "contrasts": ({"contrasts": "maybe"}, "use one of on, off"),
    "no folder": ({"reports": "  "}, "name a folder"),
    "a URL as host": ({"first_party": ["https://example.com"]}, "without scheme, port or path"),
    "a port in it": ({"first_party": ["example.com:443"]}, "without scheme, port or path"),
    "an empty pattern": ({"first_party": [""]}, "write example.com or"),
    "two in one": ({"first_party": ["a.com b.com"]}, "write example.com or"),
    "no such probe": ({"probes": ["selfsigned"]}, "self_signed"),
    "probes in observe mode": ({"probes": ["self_signed"], "mode": "observe"}, "observe"),
    "no such file": ({"replay_chains": "/nowhere/chains.pem"}, "pinprobe_replay_chains"),
    "no such roots": ({"public_roots": "/nowhere/roots.pem"}, "pinprobe_public_roots"),
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


# -- the YAML file -------------------------------------------------------------------------------------

FILE = """\
mode: observe
first_party: [example.com, "*.example.net"]
reports: /tmp/everywhere
contrasts: off
apps:
  com.example.shop:
    mode: experiment
    ca_store: system
  com.example.bank:
    ca_store: user
"""


def test_the_file_sets_options_for_all_apps(file: Path) -> None:
    found = from_file(file, FILE)
    assert (found.mode, found.first_party) == ("observe", ("example.com", "*.example.net"))
    assert (found.reports, found.ca_store, found.contrasts) == (Path("/tmp/everywhere"), "unknown", False)


def test_an_apps_own_part_wins_over_the_common_one(file: Path) -> None:
    shop, bank = (from_file(file, FILE, app=f"com.example.{name}") for name in ("shop", "bank"))
    assert (shop.mode, shop.ca_store) == ("experiment", "system")
    assert (bank.mode, bank.ca_store) == ("observe", "user")


def test_the_command_line_wins_over_the_file(file: Path) -> None:
    assert from_file(file, FILE, app="com.example.shop", ca_store="none").ca_store == "none"


def test_a_default_that_nobody_gave_does_not(file: Path) -> None:
    file.write_text(FILE)
    values = {"config": str(file), "app": "com.example.shop", "mode": "experiment", "ca_store": "unknown"}
    found = settings(given=frozenset({"pinprobe_config", "pinprobe_app"}), **values)
    assert (found.mode, found.ca_store) == ("experiment", "system")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "apps: {}\n"])
def test_an_empty_file_sets_nothing(file: Path, text: str) -> None:
    assert from_file(file, text) == settings()


def test_a_single_word_is_a_list_of_one(file: Path) -> None:
    assert from_file(file, "first_party: example.com").first_party == ("example.com",)


BAD_FILES = {
    "unknown key": ("mode: observe\ncolour: red\n", ":2", "unknown key 'colour'; known are mode"),
    "unknown key of another app": ("apps:\n  other:\n    modus: observe\n", ":3", "unknown key 'modus'"),
    "the app cannot be named inside": ("app: com.example\n", ":1", "unknown key 'app'"),
    "no file within the file": ("config: other.yaml\n", ":1", "unknown key 'config'"),
    "wrong value": ("\n\nca_store: phone\n", ":3", "use one of unknown, none, user, system"),
    "a list for a word": ("mode: [observe]\n", ":1", "wants a single word"),
    "a mapping in a list": ("first_party:\n  - host: example.com\n", ":1", "wants a list of words"),
    "a list in a list, beside a word": ("first_party: [example.com, [a]]\n", ":1", "wants a list of words"),
    "a bad pattern": ("first_party: [https://example.com]\n", ":1", "is no host pattern"),
    "no mapping": ("- mode\n", ":1", "keys and values belong here"),
    "an app without options": ("apps:\n  com.example: observe\n", ":2", "keys and values belong here"),
    "a key that is a list": ("? [mode]\n: observe\n", ":1", "a key must be a plain word"),
    "no YAML": ("mode: [observe\n", "", "not YAML"),
    "two documents": ("mode: observe\n---\nmode: observe\n", "", "not YAML"),
    "a tag that makes objects": ("mode: !!python/object:os.system x\n", ":1", "use one of"),
}


@pytest.mark.parametrize(("text", "line", "says"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_refused_with_its_line(file: Path, text: str, line: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_file(file, text)
    assert f"{file}{line}" in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"mode: \x80\n"])
def test_a_file_that_is_no_text_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="pinprobe_config"):
        settings(config=str(file))


def test_without_pyyaml_only_the_file_is_missed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """mitmproxy's own binaries do not bring it."""
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "yaml":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert settings(mode="observe").mode == "observe"
    with pytest.raises(ConfigError, match="pip install pyyaml"):
        from_file(file, "mode: observe\n")
