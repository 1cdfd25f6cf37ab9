"""Packages in every shape that users have them, and in shapes that only an attacker makes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.declared.compiled import Zipped, zipped

from pinprobe.declared.limits import Limits
from pinprobe.declared.package import MANIFEST, Package, PackageError, open_package

M = MANIFEST.encode()


def apk(*entries: Zipped) -> bytes:
    return zipped([Zipped(name=M, content=b"manifest"), *entries])


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def contents(package: Package) -> dict[str, bytes]:
    return {entry.name: b"".join(entry.chunks()) for entry in package.entries()}


def test_one_apk(tmp_path: Path) -> None:
    content = apk(Zipped(name=b"a/b", content=b"text", method=8), Zipped(name=b"folder/"))
    with open_package([write(tmp_path, "x.apk", content)]) as package:
        assert contents(package) == {MANIFEST: b"manifest", "a/b": b"text"}
        assert [entry.path for entry in package.entries()] == [MANIFEST, "a/b"], "the manifest comes first"
        assert package.sha256 == hashlib.sha256(content).hexdigest()
        assert package.size == len(content) and package.problems == []


def test_a_base_and_its_splits(tmp_path: Path) -> None:
    base, split = apk(), apk(Zipped(name=b"lib/x.so", content=b"elf"))
    paths = [write(tmp_path, "base.apk", base), write(tmp_path, "split_config.arm64_v8a.apk", split)]
    expected = {MANIFEST, f"split_config.arm64_v8a.apk:{MANIFEST}", "split_config.arm64_v8a.apk:lib/x.so"}
    digest = hashlib.sha256(b"".join(sorted(hashlib.sha256(one).digest() for one in (base, split)))).hexdigest()
    for given_as in (paths, paths[::-1], [tmp_path]):
        with open_package(given_as) as package:
            assert set(contents(package)) == expected
            assert package.sha256 == digest, "in whatever order"


@pytest.mark.parametrize("method", [0, 8], ids=["stored", "compressed"])
@pytest.mark.parametrize("name", ["x.apks", "x.xapk", "x.zip"])
def test_archives_of_apks(tmp_path: Path, name: str, method: int) -> None:
    inner = [
        Zipped(name=b"splits/base-master.apk", content=apk(Zipped(name=b"a", content=b"1")), method=method),
        Zipped(name=b"splits/base-en.apk", content=apk(), method=method),
        Zipped(name=b"manifest.json", content=b"{}"),
    ]
    with open_package([write(tmp_path, name, zipped(inner))]) as package:
        assert contents(package) == {
            MANIFEST: b"manifest",
            "a": b"1",
            f"splits/base-en.apk:{MANIFEST}": b"manifest",
        }
        assert package.problems == []


def test_an_archive_in_an_archive_in_an_archive_is_left_alone(tmp_path: Path) -> None:
    inner = zipped([Zipped(name=b"base.apk", content=apk())])
    outer = zipped([Zipped(name=b"one.apk", content=inner), Zipped(name=b"base.apk", content=apk())])
    with open_package([write(tmp_path, "x.apks", outer)]) as package:
        assert list(contents(package)) == [MANIFEST]
        assert package.problems == ["one.apk: no Android app inside: not read"]


def test_two_files_of_one_name_stay_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    paths = [write(tmp_path / folder, "x.apk", apk()) for folder in ("a", "b")]
    with open_package(paths) as package:
        assert [one.label for one in package.apks] == ["x.apk", "x.apk (2)"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.apk", b"nothing", "x.apk is no ZIP archive"),
        ("x.apk", zipped([Zipped(name=b"a")]), "x.apk holds no Android app: there is neither"),
        ("x.aab", zipped([Zipped(name=b"base/manifest/AndroidManifest.xml")]), "bundletool"),
        ("x.apks", zipped([Zipped(name=b"a.apk", content=b"no zip")]), "unpack it and give the folder"),
    ],
)
def test_what_is_no_app_is_an_error_that_says_what_to_do(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    with pytest.raises(PackageError, match=says):
        open_package([write(tmp_path, name, content)])


def test_a_file_of_more_than_2_gib_is_read_where_it_matters(tmp_path: Path) -> None:
    """Sparse: its directory stands at the very end, its manifest at the very beginning."""
    content = apk(Zipped(name=b"a", content=b"1"))
    directory_at = content.index(b"PK\1\2")
    path = tmp_path / "x.apk"
    gap = 5 << 29
    with path.open("wb") as file:
        file.write(content[:directory_at])
        file.truncate(directory_at + gap)
        file.seek(0, os.SEEK_END)
        end = bytearray(content[directory_at:])
        end[-6:-2] = (directory_at + gap).to_bytes(4, "little")
        file.write(end)
    with open_package([path]) as package:
        assert contents(package) == {MANIFEST: b"manifest", "a": b"1"}
    with pytest.raises(PackageError, match="larger than 2560 MiB"):
        open_package([path], limits=Limits(archive_bytes=gap))


def test_a_bomb_goes_off_early(tmp_path: Path) -> None:
    bomb = apk(Zipped(name=b"bomb", content=bytes(40 << 20), method=8), Zipped(name=b"after", content=b"1"))
    assert len(bomb) < 100_000
    with open_package([write(tmp_path, "x.apk", bomb)]) as package:
        read = contents(package)
        assert len(read["bomb"]) <= 17 << 20 and read["after"] == b"1"
        assert package.problems == ["bomb: a decompression bomb: the rest of it is not read"]


def test_sizes_are_bounded(tmp_path: Path) -> None:
    path = write(tmp_path, "x.apk", apk(*(Zipped(name=b"%d" % number, content=bytes(700_000)) for number in range(4))))
    with open_package([path], limits=Limits(entry_bytes=600_000)) as package:
        assert all(len(content) <= 600_000 for content in contents(package).values())
        assert package.problems == ["0: longer than 0 MiB: the rest of it is not read (and 3 more)"]
    with open_package([path], limits=Limits(total_bytes=1_500_000)) as package:
        assert sum(map(len, contents(package).values())) <= 1_500_000
        assert "in all: the rest is not read" in package.problems[0]
    with open_package([path], limits=Limits(entries=3)) as package:
        assert sum(1 for _ in package.entries()) == 3
    with open_package([path]) as package:
        big = next(entry for entry in package.entries() if entry.path == "0")
        assert big.read(700_000) == bytes(700_000)
        assert big.read(699_999) == b"" and package.problems == ["0: longer than 699999 bytes: not read"]


def test_what_must_be_held_in_memory_is_bounded(tmp_path: Path) -> None:
    inner = [
        Zipped(name=b"%d.apk" % number, content=apk(Zipped(name=b"a", content=os.urandom(90_000))), method=8)
        for number in range(3)
    ]
    path = write(tmp_path, "x.apks", zipped(inner))
    with open_package([path], limits=Limits(held_bytes=200_000)) as package:
        assert len(package.apks) == 2
        assert package.problems == [
            "2.apk: compressed, and too large to be held in memory: unpack the archive and give the folder"
        ]


def test_time_is_the_callers(tmp_path: Path) -> None:
    asked = []

    def over() -> bool:
        asked.append(1)
        return len(asked) > 4

    path = write(tmp_path, "x.apk", apk(*(Zipped(name=b"%d" % number, content=bytes(10)) for number in range(9))))
    with open_package([path], deadline=over) as package:
        assert sum(1 for content in contents(package).values() if content) == 2
        assert package.problems == ["1: time is over: what comes after this is not read (and 7 more)"]


def test_names_are_safe_to_show(tmp_path: Path) -> None:
    path = write(tmp_path, "x.apk", apk(Zipped(name=b"a\x1b[31m\n\xe2\x80\xae\0b"), Zipped(name=b"n" * 900)))
    with open_package([path]) as package:
        names = [entry.name for entry in package.entries()]
        assert names[1] == "a\\x1b[31m\\n\\u202e\\x00b" and len(names[2]) == 200


@given(st.data())
@settings(max_examples=120, deadline=3000, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mangled_archives_are_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    inner = apk(Zipped(name=b"a", content=bytes(5000), method=8), Zipped(name=b"b", content=b"text"))
    whole = bytearray(inner if data.draw(st.booleans()) else zipped([Zipped(name=b"i.apk", content=inner, method=8)]))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(whole) - 4))
        whole[place : place + 4] = data.draw(
            st.sampled_from([b"\xff" * 4, b"\0" * 4, b"\0\0\0\x80", b"PK\1\2"]) | st.binary(min_size=4, max_size=4)
        )
    path = write(tmp_path, "x.apk", bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    try:
        with open_package([path], limits=Limits(total_bytes=1 << 20)) as package:
            assert sum(map(len, contents(package).values())) <= (1 << 20) + 1
            assert package.sha256 and len(package.problems) <= 51
    except PackageError:
        pass
