"""Resource tables as aapt2 writes them, in each of its encodings; and mangled ones."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.android.builder import build_apk, here, run
from tests.declared.compiled import Pool, chunk

from pinprobe.declared.arsc import Table
from pinprobe.declared.strings import Damaged

VALUES = """<resources>
  <bool name="plain">true</bool><bool name="other">@bool/plain</bool>
  <string name="version">1.2 bücher</string><string name="alias">@string/version</string>
  <string name="first">1</string>
  <dimen name="d">4dp</dimen>
  <style name="s"><item name="android:windowNoTitle">true</item></style>
</resources>"""
GERMAN = '<resources><string name="version">1.2 de</string></resources>'
CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


@pytest.fixture(scope="module")
def apk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_apk(
        tmp_path_factory.mktemp("arsc"),
        nsc="<network-security-config/>",
        nsc_debug="<network-security-config/>",
        raw={"ca.pem": CERTIFICATE},
        resources={"values/v.xml": VALUES.encode(), "values-de/v.xml": GERMAN.encode()},
    )


def table_of(apk: Path) -> bytes:
    with zipfile.ZipFile(apk) as archive:
        return archive.read("resources.arsc")


def ids(apk: Path) -> dict[str, int]:
    """Every resource's id, as aapt2 tells it."""
    said = subprocess.run(["aapt2", "dump", "resources", apk], capture_output=True, text=True, check=True).stdout
    return {name: int(number, 16) for number, name in re.findall(r"resource (0x[0-9a-f]+) (\S+)", said)}


@pytest.mark.parametrize("options", [(), ("--enable-sparse-encoding",), ("--enable-resource-path-shortening",)])
def test_what_aapt2_writes(apk: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    if options:
        written = tmp_path / "optimized.apk"
        run("aapt2", "optimize", *options, "-o", written, apk)
        apk = written
    table, number = Table(table_of(apk)), ids(apk)
    assert [value.switch for value in table.values(number["bool/plain"])] == [True]
    assert [value.switch for value in table.values(number["bool/other"])] == [True], "references are followed"
    assert [value.text for value in table.values(number["string/version"])] == ["1.2 bücher", "1.2 de"]
    assert [value.text for value in table.values(number["string/alias"])] == ["1.2 bücher", "1.2 de"]
    assert [value.switch for value in table.values(number["dimen/d"])] == [None]
    assert table.values(number["style/s"]) == [], "of several parts"
    assert table.name(number["raw/ca"]) == "ca"
    assert table.find("xml", "network_security_config_debug") == number["xml/network_security_config_debug"]
    assert table.find("xml", "missing") is None and table.find("raw", "network_security_config") is None
    assert table.values(0x7F999999) == table.values(0) == table.values(0xFFFFFFFF) == []
    assert table.name(0x7F999999) == ""
    (path,) = (value.text for value in table.values(number["raw/ca"]))
    with zipfile.ZipFile(apk) as archive:
        assert archive.read(path) == CERTIFICATE, "wherever the path went"


def test_references_in_a_ring_end(apk: Path) -> None:
    content, number = bytearray(table_of(apk)), ids(apk)
    # What refers to bool/plain is made to refer to itself.
    other, plain = (number[name].to_bytes(4, "little") for name in ("bool/other", "bool/plain"))
    place = content.index(b"\x08\0\0\x01" + plain)
    content[place + 4 : place + 8] = other
    assert Table(bytes(content)).values(number["bool/other"]) == []


@pytest.mark.parametrize("content", [b"", b"\0" * 40, chunk(2, b"\0" * 4 + Pool(utf8=True).bytes())[:-3]])
def test_what_is_no_table_is_damaged(content: bytes) -> None:
    with pytest.raises(Damaged):
        Table(content)


@given(st.data())
@settings(max_examples=100, deadline=2000)
def test_mangled_tables_are_read_or_damaged(mangled: bytes, data: st.DataObject) -> None:
    whole = bytearray(mangled)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 4))
        whole[place : place + 4] = data.draw(
            st.sampled_from([b"\xff" * 4, b"\0" * 4, b"\0\0\0\x80", b"\1\0\0\0"]) | st.binary(min_size=4, max_size=4)
        )
    try:
        table = Table(bytes(whole))
        for resource in (0x7F010000, 0x7F020001, 0x7F030000, 0x7F040002):
            assert len(table.values(resource)) <= 64
            table.name(resource)
        table.find("xml", "network_security_config_debug")
    except Damaged:
        pass


@pytest.fixture(scope="module")
def mangled(apk: Path) -> bytes:
    assert here()
    return table_of(apk)
