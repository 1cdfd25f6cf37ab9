"""The user's tables of hosts, as the options name them."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from mitmproxy import exceptions
from tests.config.words import settings
from tests.mitm.hooks import of, stage

from pinprobe import events as ev
from pinprobe.config import ConfigError
from pinprobe.mitm.catalogs import catalog_in


def test_a_bad_one_is_refused_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("pattern,category,vendor\nexample.com,adds,x\n")
    with pytest.raises(ConfigError, match=rf"pinprobe_catalog: {path}:2: 'adds' is no category"):
        catalog_in(settings(catalog=(str(path),)))


def test_rows_in_place_of_ours_are_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("pattern,category,vendor\nfcm.googleapis.com,ads,x\nexample.com,ads,x\n")
    with caplog.at_level(logging.INFO):
        table = catalog_in(settings(catalog=(str(path),)))
    assert caplog.messages == ["pinprobe: rows of pinprobe_catalog in place of its own: fcm.googleapis.com"]
    assert (known := table.look_up("fcm.googleapis.com")) is not None and known.category == "ads"


def test_the_proxy_asks_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("pattern,category,vendor\nexample.com,payments,Mine\n")
    with stage(tmp_path / "r", catalog=[str(path)]) as s:
        s.visit("api.example.com").hello()
        known = of(ev.HostKnown, s.end())
    assert [(one.category, one.vendor) for one in known] == [("payments", "Mine")]


def test_the_proxy_refuses_a_bad_one_before_anything_begins(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("nothing\n")
    with pytest.raises(exceptions.OptionsError, match=r"mine\.csv:1"), stage(tmp_path / "r", catalog=[str(path)]):
        pass
