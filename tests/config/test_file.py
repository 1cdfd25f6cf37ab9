"""The YAML file of options: what it sets, for whom, and that a bad one is refused with its line."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest
from tests.config.words import settings

from pinprobe.config import ConfigError, Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pinprobe.yaml"


def from_file(file: Path, text: str, **values: Any) -> Settings:
    file.write_text(text)
    return settings(config=str(file), **values)


FILE = """\
mode: observe
first_party: [example.com, "*.example.net"]
reports: /tmp/everywhere
contrasts: off
phase: control
apps:
  com.example.shop:
    mode: experiment
    label: "1.2.3"
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
    assert (shop.mode, shop.ca_store, shop.phase, shop.label) == ("experiment", "system", "control", "1.2.3")
    assert (bank.mode, bank.ca_store, bank.phase, bank.label) == ("observe", "user", "control", "")


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
    "no such phase": ("phase: warm-up\n", ":1", "use one of idle, control, test"),
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
