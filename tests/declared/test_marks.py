"""Every mark of every library names that library, and no other."""

from __future__ import annotations

import pytest

from pinprobe.declared.marks import PACKERS, Marks, kind_of, packer_of
from pinprobe.declared.windows import windows
from pinprobe.libraries import LIBRARIES

BY_CLASS = [(library.id, mark) for library in LIBRARIES for mark in library.classes]
BY_TEXT = [(library.id, mark) for library in LIBRARIES for mark in library.texts]
BY_FILE = [(library.id, mark) for library in LIBRARIES for mark in library.files]


def seen(path: str, content: bytes = b"") -> tuple[str, ...]:
    marks = Marks()
    marks.see_name(path)
    for window in windows([content[:5], content[5:]]):
        marks.see(kind_of(path, content), window)
    return marks.ids


@pytest.mark.parametrize(("library", "mark"), BY_CLASS)
def test_a_class_counts_in_dex_files(library: str, mark: str) -> None:
    content = b"\0\x20" + mark.encode() + b"X;\0"
    assert seen("classes2.dex", content) == (library,)
    assert seen("assets/notes.txt", content) == ()
    assert seen("classes.dex", content.replace(b"\x20L", b"\x20M")) == ()


@pytest.mark.parametrize(("library", "mark"), BY_TEXT)
def test_a_string_counts_in_code(library: str, mark: str) -> None:
    assert seen("classes.dex", mark.encode()) == seen("lib/x86_64/libany.so", mark.encode()) == (library,)
    assert seen("assets/index.html", mark.encode()) == ()


@pytest.mark.parametrize(("library", "mark"), BY_FILE)
def test_a_file_counts_by_its_place(library: str, mark: str) -> None:
    path = mark.replace("*", "arm64-v8a", 1).replace("*", ".1.2.3")
    assert seen(path) == (library,)
    assert seen(f"assets/copy/{path}") == ()


def test_what_is_found_comes_in_the_order_of_the_table() -> None:
    marks = Marks()
    for library in reversed(LIBRARIES):
        marks.add(library.id)
    assert marks.ids == tuple(library.id for library in LIBRARIES)


@pytest.mark.parametrize(
    ("path", "beginning", "kind"),
    [
        ("classes2.dex", b"", "dex"),
        ("assets/hidden.bin", b"dex\n035\0", "dex"),
        ("lib/x86/liba.so", b"", "native"),
        ("assets/hidden.png", b"\x7fELF\2", "native"),
        ("assets/index.android.bundle", b"var a", "other"),
    ],
)
def test_code_is_known_under_any_name(path: str, beginning: bytes, kind: str) -> None:
    assert kind_of(path, beginning) == kind


def test_packers_are_named() -> None:
    for pattern, title in PACKERS:
        assert packer_of(pattern.replace("[ax]", "a").replace("*", "1")) == title
    assert packer_of("lib/x86/libshelf.so") == packer_of("classes.dex") == ""
