"""Compiled XML: what aapt2 compiles comes back as aapt2 itself and another parser read it; nothing hostile runs away."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.android.builder import build_apk
from tests.declared.compiled import ANDROID, NONE, chunk, compiled, tree

from pinprobe.declared.axml import BOOLEAN, REFERENCE, STRING, Attribute, Element, parse
from pinprobe.declared.limits import Limits
from pinprobe.declared.strings import Damaged

NSC = """<network-security-config>
  <base-config cleartextTrafficPermitted="false"/>
  <domain-config><domain includeSubdomains="true">bücher.example</domain>
    <pin-set expiration="2031-02-03"><pin digest="SHA-256">AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</pin></pin-set>
  </domain-config>
</network-security-config>"""

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)


@st.composite
def attributes(draw: st.DrawFn) -> tuple[Attribute, ...]:
    found = []
    for name in draw(st.lists(WORDS, max_size=3, unique=True)):
        kind = draw(st.sampled_from([STRING, BOOLEAN, REFERENCE, 0x10]))
        text, data = draw(WORDS), draw(st.integers(0, 0x7FFFFFFF))
        words = {STRING: text, BOOLEAN: "true" if data else "false", REFERENCE: f"@{data}", 0x10: str(data)}
        namespace = draw(st.sampled_from(["", ANDROID]))
        found.append(
            Attribute(
                name=name,
                namespace=namespace,
                resource=0,
                kind=kind,
                data=0 if kind == STRING else data,
                text=words[kind],
            )
        )
    return tuple(found)


ELEMENTS = st.recursive(
    st.builds(Element, tag=WORDS, attributes=attributes(), texts=st.lists(WORDS, max_size=1)),
    lambda children: st.builds(
        Element, tag=WORDS, attributes=attributes(), children=st.lists(children, max_size=3), texts=st.just([])
    ),
    max_leaves=6,
)


def plain(element: Element) -> object:
    """Everything of an element but the numbers of its strings."""
    said = [(one.name, one.namespace, one.kind, one.kind == STRING or one.data, one.text) for one in element.attributes]
    return element.tag, said, element.texts, [plain(child) for child in element.children]


@given(ELEMENTS, st.booleans())
@settings(max_examples=60)
def test_a_tree_comes_back(root: Element, utf8: bool) -> None:
    assert plain(parse(compiled(root, utf8=utf8))) == plain(root)


def test_what_aapt2_compiles_comes_back_as_aapt2_reads_it(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, nsc=NSC, debuggable=True)
    for entry in ("AndroidManifest.xml", "res/xml/network_security_config.xml"):
        dumped = subprocess.run(
            ["aapt2", "dump", "xmltree", "--file", entry, apk], check=True, capture_output=True, text=True
        )
        with zipfile.ZipFile(apk) as archive:
            root = parse(archive.read(entry))
        said = [re.sub(r" \(line=[0-9]+\)$", "", line.strip()) for line in dumped.stdout.splitlines()]
        assert lines(root) == [line for line in said if not line.startswith("N:")]


def lines(element: Element) -> list[str]:
    """An element in the words of `aapt2 dump xmltree`, without its indents and line numbers."""
    texts = [f"T: '{text}'" for text in element.texts]
    below = [line for child in element.children for line in lines(child)]
    return [f"E: {element.tag}", *map(line_of, element.attributes), *texts, *below]


def line_of(attribute: Attribute) -> str:
    name = f"{attribute.namespace}:{attribute.name}" if attribute.namespace else attribute.name
    number = f"(0x{attribute.resource:08x})" if attribute.resource else ""
    words = {STRING: f'"{attribute.text}" (Raw: "{attribute.text}")', REFERENCE: f"@0x{attribute.data:08x}"}
    return f"A: {name}{number}={words.get(attribute.kind, attribute.text)}"


OTHER = """import io, sys
from apkInspector.axml import get_manifest
sys.stdout.reconfigure(encoding="utf-8")
print(get_manifest(io.BytesIO(sys.stdin.buffer.read())))"""


def test_another_parser_reads_the_same(tmp_path: Path) -> None:
    """apkInspector, in a process of its own, since importing it changes the logging of the whole program.

    Of a string with other letters than ASCII it loses the end.
    """
    with zipfile.ZipFile(build_apk(tmp_path, nsc=NSC.replace("ü", "u"))) as archive:
        content = archive.read("res/xml/network_security_config.xml")
    read = subprocess.run([sys.executable, "-c", OTHER], input=content, capture_output=True, check=True).stdout
    other = tree(read.decode())
    assert [(one.tag, one.text.strip()) for one in flat(parse(content))] == [
        (one.tag, one.text.strip()) for one in flat(other)
    ]
    for ours, theirs in zip(flat(parse(content)), flat(other), strict=True):
        assert {(one.name, one.text) for one in ours.attributes} == {(one.name, one.text) for one in theirs.attributes}


def flat(element: Element) -> list[Element]:
    return [element, *(one for child in element.children for one in flat(child))]


def test_the_older_aapt_writes_what_is_read_too() -> None:
    """It writes UTF-8 and no resource map, as in apps of some years ago."""
    root = tree(NSC)
    body = compiled(root, utf8=True)
    pool_end = 8 + struct.unpack_from("<I", body, 12)[0]
    assert struct.unpack_from("<H", body, pool_end)[0] == 0x180
    without = chunk(3, body[8:pool_end] + body[pool_end + 8 :])
    assert plain(parse(without)) == plain(root)


def test_names_do_not_matter_where_there_are_ids() -> None:
    """Tools that hide a manifest empty the names of its attributes; Android goes by the resource map."""
    said = Attribute(name="x", namespace=ANDROID, resource=0x0101000F, kind=BOOLEAN, data=NONE, text="true")
    found = parse(compiled(Element(tag="application", attributes=(said,)))).android(0x0101000F)
    assert found is not None and found.data == NONE


def test_chunks_that_nobody_knows_are_skipped() -> None:
    root = tree("<a><b/></a>")
    assert plain(parse(compiled(root, extra=chunk(0x777, b"anything")))) == plain(root)


def test_the_outermost_type_is_not_looked_at() -> None:
    data = bytearray(compiled(tree("<a/>")))
    data[0:2] = b"\0\0"
    assert parse(bytes(data)).tag == "a"


def test_a_switch_is_a_typed_value_and_not_a_word() -> None:
    root = tree('<a yes="true" no="false" word="yes" other="@7f010000"/>')
    assert root.switch("yes", False) and not root.switch("no", True)
    assert root.switch("word", True) and not root.switch("word", False)
    assert root.switch("other", True) and root.switch("missing", True)


def test_limits() -> None:
    deep = Element(tag="a", attributes=())
    for _ in range(70):
        deep = Element(tag="a", attributes=(), children=[deep])
    with pytest.raises(Damaged, match="deeper"):
        parse(compiled(deep))
    wide = Element(tag="a", attributes=(), children=[Element(tag="b", attributes=()) for _ in range(30)])
    with pytest.raises(Damaged, match="more than 20 elements"):
        parse(compiled(wide), Limits(elements=20))
    with pytest.raises(Damaged, match="too many parts"):
        parse(compiled(tree("<a/>"), extra=chunk(0x777, b"") * 90), Limits(elements=20))
    with pytest.raises(Damaged, match="too large"):
        parse(b"\0" * 100, Limits(xml_bytes=99))
    long = Element(tag="a", attributes=(), texts=["word" * 20] * 20)
    with pytest.raises(Damaged, match="more text"):
        parse(compiled(long), Limits(xml_bytes=1500))


def test_attributes_of_no_size_are_refused() -> None:
    """65 535 of them in 20 bytes: an element that costs its reader a thousand times what it costs its writer."""
    pool = compiled(tree("<a/>"))
    element = chunk(0x102, struct.pack("<IIHHHHHH", NONE, 0, 20, 0, 0xFFFF, 0, 0, 0), struct.pack("<II", 1, NONE))
    (size,) = struct.unpack_from("<I", pool, 12)
    with pytest.raises(Damaged, match="more attributes"):
        parse(chunk(3, pool[8 : 8 + size] + element))


@given(st.data())
@settings(max_examples=150, deadline=2000)
def test_mangled_bytes_are_read_or_damaged(data: st.DataObject) -> None:
    whole = bytearray(compiled(tree(NSC), utf8=data.draw(st.booleans())))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 4))
        whole[place : place + 4] = data.draw(
            st.sampled_from([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\x80", b"\1\0\0\0"])
            | st.binary(min_size=4, max_size=4)
        )
    try:
        parse(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    except Damaged:
        pass
