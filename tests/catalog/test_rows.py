"""Files of hosts: ours are whole, and errors in the user's name file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.catalog import FILES, CatalogError, known_hosts
from pinprobe.catalog.rows import rows_in

HEAD = "pattern,category,vendor\n"
DEVICES, SHARED = {"os", "oem", "pki", "google-play-services"}, {"backend", "cdn"}


def test_ours_are_sorted_into_their_files() -> None:
    by_file: dict[str, set[str]] = {name: set() for name in FILES}
    for row in known_hosts():
        by_file[row.where.partition(":")[0]].add(row.known.category)
    assert by_file["device.csv"] == DEVICES and by_file["shared.csv"] == SHARED
    assert not by_file["services.csv"] & (DEVICES | SHARED)


BAD = {
    "no head": ("example.com,ads,Example\n", "mine.csv:1: the first line must be pattern,category,vendor"),
    "an empty file": ("", "mine.csv: the first line must be"),
    "another head": ("pattern,category\n", "mine.csv:1: "),
    "a cell too few": (HEAD + "example.com,ads\n", "mine.csv:2: 2 cells, and the head has 3"),
    "a cell too many": (HEAD + "\nexample.com,ads,a,b\n", "mine.csv:3: 4 cells"),
    "no such category": (
        HEAD + "example.com,os,x\nb.example,adds,x\n",
        "mine.csv:3: 'adds' is no category; use one of",
    ),
    "a capital": (HEAD + "Example.com,ads,x\n", "mine.csv:2: 'Example.com' is no pattern"),
    "an address": (HEAD + "https://example.com/,ads,x\n", "is no pattern"),
    "a star alone": (HEAD + "*,ads,x\n", "is no pattern"),
    "a star as a label": (HEAD + "*.example.com,ads,x\n", "is no pattern"),
    "a star in the middle": (HEAD + "a*-b.example.com,ads,x\n", "is no pattern"),
    "a star without a domain": (HEAD + "*-pa,ads,x\n", "is no pattern"),
    "nobody": (HEAD + "example.com,ads,\n", "mine.csv:2: the vendor"),
    "a control character": (HEAD + "example.com,ads,a\x1b[2J\n", "mine.csv:2: the vendor"),
    "an open quote": (HEAD + 'example.com,ads,"a\n', "mine.csv:2: "),
}


@pytest.mark.parametrize(("text", "error"), BAD.values(), ids=BAD.keys())
def test_errors_name_file_and_line(tmp_path: Path, text: str, error: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text)
    with pytest.raises(CatalogError) as raised:
        known_hosts([path])
    assert error in str(raised.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(HEAD.encode() + b"example.com,ads,\xff\n")
    with pytest.raises(CatalogError, match=r"mine\.csv:2: this is no UTF-8"):
        known_hosts([path])
    with pytest.raises(CatalogError, match=r"nowhere\.csv: No such file"):
        known_hosts([tmp_path / "nowhere.csv"])


def test_the_users_rows_stand_beside_ours_and_in_place_of_those_with_the_same_pattern(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "\ufeffpattern,category,vendor,source\n# a remark\n\ngoogleapis.com,cdn,Mine,x\nfirestore.googleapis.com,ads,Mine,x\n"
    )
    known = known_hosts([path])
    said = [(found.vendor if (found := known.look_up(h)) else "") for h in ("new.googleapis.com", "fcm.googleapis.com")]
    assert said == ["Mine", "Google FCM"]
    assert known.replaced == ("firestore.googleapis.com",)
    found = known.look_up("firestore.googleapis.com")
    assert found is not None and found.category == "ads"
    assert known_hosts().replaced == ()


def test_two_files_cannot_say_two_things(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.csv", "b.csv")]
    for path in paths:
        path.write_text(HEAD + "example.com,ads,x\n")
    with pytest.raises(CatalogError, match=r"b\.csv:2: example\.com stands already in .*a\.csv:2"):
        known_hosts(paths)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        list(rows_in(HEAD + text, "mine.csv"))
    except CatalogError as error:
        assert str(error).startswith("mine.csv:")
