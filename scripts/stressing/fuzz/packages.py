"""An Android package small enough to be damaged ten thousand times: all its parts made by hand, without Android's tools."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache

from cryptography.hazmat.primitives.serialization import Encoding
from tests.declared.compiled import ANDROID, Pool, Zipped, chunk, compiled, tree, zipped
from tests.declared.configs import DEBUG_USER, OTHER, PIN, anchors, domains, file, pins, trustkit

from pinprobe.declared.axml import REFERENCE, STRING, Attribute, Element
from stressing.fuzz import chains

CONFIG_ID = 0x7F010000
CONFIG_PATH = "res/xml/network_security_config.xml"
PIN_TEXT = f"sha256/{'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MDEyMzQ1Njc='}"
_NETWORK_SECURITY_CONFIG, _DEBUGGABLE, _VERSION_NAME = 0x01010527, 0x0101000F, 0x0101021C


def config(*, utf8: bool = False) -> bytes:
    """A Network Security Config with everything in it."""
    inside = (
        f"<base-config cleartextTrafficPermitted='true'>{anchors('system', 'user', '@0x7f020000')}</base-config>"
        + domains(
            "example.com", "api.example.net", inside=pins(PIN, OTHER, attributes="expiration='2027-01-31'") + trustkit()
        )
        + DEBUG_USER
    )
    return compiled(tree(file(inside)), utf8=utf8)


def manifest() -> bytes:
    """Of an app that names the config."""

    def attribute(name: str, resource: int, kind: int, data: int, text: str = "") -> Attribute:
        return Attribute(name=name, namespace=ANDROID, resource=resource, kind=kind, data=data, text=text)

    named = attribute("networkSecurityConfig", _NETWORK_SECURITY_CONFIG, REFERENCE, CONFIG_ID)
    application = Element(
        tag="application", attributes=(named, attribute("debuggable", _DEBUGGABLE, 0x12, 0)), children=[]
    )
    package = Attribute(name="package", namespace="", resource=0, kind=STRING, data=0, text="com.example.app")
    version = attribute("versionName", _VERSION_NAME, STRING, 0, "1.0")
    return compiled(Element(tag="manifest", attributes=(package, version), children=[application]))


def table() -> bytes:
    """resources.arsc with one file in it (AOSP's ResourceTypes.h)."""
    values = Pool(utf8=True)
    path = values.number(CONFIG_PATH)
    kinds, keys = Pool(utf8=False), Pool(utf8=True)
    kinds.number("xml")
    keys.number("network_security_config")
    entry = struct.pack("<HHIHBBI", 8, 0, 0, 8, 0, STRING, path)
    size = 64
    start = 20 + size
    types = struct.pack("<HHIBBHII", 0x0201, start, start + 4 + len(entry), 1, 0, 0, 1, start + 4)
    types += struct.pack("<I", size) + bytes(size - 4) + struct.pack("<I", 0) + entry
    kinds_bytes, keys_bytes = kinds.bytes(), keys.bytes()
    head = 288
    package = struct.pack("<I256sIIIII", 0x7F, b"", head, 1, head + len(kinds_bytes), 1, 0)
    return chunk(2, values.bytes() + chunk(0x200, kinds_bytes + keys_bytes + types, package), struct.pack("<I", 1))


def dex(strings: Sequence[str] = ("api.example.com", PIN_TEXT, "other")) -> bytes:
    """A dex file's strings, and code that hands the first two to a call together."""
    head = 0x70
    code = bytes((0x1A, 1, 0, 0, 0x1A, 2, 1, 0)) + bytes((0x71, 0x20, 0, 0, 0x21, 0))
    offsets, data = [], b""
    at = head + 4 * len(strings) + len(code)
    for text in strings:
        offsets.append(at + len(data))
        data += bytes((len(text),)) + text.encode() + b"\0"
    body = struct.pack(f"<{len(offsets)}I", *offsets) + code + data
    made = bytearray(b"dex\n035\0".ljust(head, b"\0"))
    struct.pack_into("<II", made, 0x38, len(strings), head)
    struct.pack_into("<I", made, 0x20, head + len(body))
    return bytes(made) + body


@cache
def apk(*, method: int = 0) -> bytes:
    """All of them, with a certificate, stored as they are or compressed."""
    one = chains.root().public_bytes(Encoding.PEM)
    entries = {
        "AndroidManifest.xml": manifest(),
        "resources.arsc": table(),
        CONFIG_PATH: config(),
        "classes.dex": dex(),
        "res/raw/ca.crt": one,
        "assets/a.json": f'{{"pins": ["{PIN_TEXT}"], "host": "api.example.com"}}'.encode(),
        "lib/x86/libflutter.so": b"\x7fELF" + bytes(40) + PIN_TEXT.encode(),
    }
    return zipped([Zipped(name=name.encode(), content=content, method=method) for name, content in entries.items()])
