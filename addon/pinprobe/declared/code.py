"""What a package's code and data say of pinning: pins, certificates, libraries. Each entry is streamed once."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pinprobe.declared import dex_hosts
from pinprobe.declared.certificates import (
    LARGEST_FILE,
    FoundCertificate,
    certificates_in_text,
    certificates_of_file,
    key_store_in,
)
from pinprobe.declared.marks import DEX, OTHER, Marks, kind_of, packer_of
from pinprobe.declared.package import Entry, Package
from pinprobe.declared.pin_strings import pins_in
from pinprobe.declared.problems import Problems
from pinprobe.declared.windows import Looks, windows
from pinprobe.events import CodePin, EmbeddedCertificate

PINS_KEPT = 256
"""More than any app was seen with; beyond it they are counted."""
CERTIFICATES_KEPT = 64
"""The same."""
CALLS_LOOKED_AT = 20_000
"""Pairs of a host and a pin in the code of the whole package."""
PINS_LOOKED_AT = 5_000
CERTIFICATES_LOOKED_AT = 1000
"""Of one file, lookalikes among them. Bundles of all public roots hold about 150."""
BUNDLE = 20
"""CA certificates in one file that make it a bundle of roots: they are counted, not listed."""

_MEDIA = (
    ".png .jpg .jpeg .gif .webp .avif .heic .ico .mp3 .mp4 .m4a .aac .ogg .oga .opus .wav .webm .mkv .flac "
    ".ttf .otf .woff .woff2 .ttc .tflite .mid .dm .profm .prof"
).split()
_ARCHIVES = ".zip .jar .apk .aar .7z .rar .obb .tar .tgz".split()
_ABI = re.compile(r"^(?:[^:]*:)?lib/[^/]+/")

Progress = Callable[[int, int], None]
"""Told while it goes on: bytes looked at, and bytes in all, decompressed, as the archive claims them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFacts:
    """What was found. Presence is not use."""

    code_pins: tuple[CodePin, ...]
    certificates: tuple[EmbeddedCertificate, ...]
    libraries: tuple[str, ...]
    """Ids of `pinprobe.libraries`."""
    problems: tuple[str, ...]
    """What was not looked into, in words. What the archive itself withheld is among the package's own."""


def scan(package: Package, progress: Progress | None = None) -> CodeFacts:
    """Look through every entry that can hold code, text or certificates. Never raises for what a package holds."""
    finds = _Finds()
    entries = [entry for entry in package.entries() if _is_of_interest(entry.path)]
    total = sum(entry.size for entry in entries)
    done = 0
    for entry in entries:
        if package.over():
            package.note("time is over: what comes after this is not read", entry.name)
            break
        for seen in finds.look_at(entry):
            if progress:
                progress(done + min(seen, entry.size), total)
        done += entry.size
    return finds.facts()


def _is_of_interest(path: str) -> bool:
    lower = path.lower()
    return not lower.startswith("meta-inf/") and not lower.endswith(tuple(_MEDIA))


class _Finds:
    """Gathers what the entries hold, each thing once."""

    def __init__(self) -> None:
        self._pins: dict[tuple[str, str, str, str], CodePin] = {}
        self._certificates: dict[bytes, EmbeddedCertificate] = {}
        self._marks = Marks()
        self._problems = Problems()
        self._calls = Looks(CALLS_LOOKED_AT)
        self._pins_left_out = self._certificates_left_out = 0

    def look_at(self, entry: Entry) -> Iterator[int]:
        """Look through one entry; gives the bytes looked at while it goes on."""
        path, where = entry.path, entry.name
        self._marks.see_name(path)
        if path.lower().endswith(tuple(_ARCHIVES)):
            self._problems.add("an archive inside the package: not looked into", where)
            return
        if packer := packer_of(path):
            self._problems.add(f"code is hidden by a packer ({packer}): what it does is not seen", where)
        kind = ""
        whole: list[bytes] = []
        found: dict[bytes, FoundCertificate] = {}
        seen = 0
        pin_looks, certificate_looks = Looks(PINS_LOOKED_AT), Looks(CERTIFICATES_LOOKED_AT)
        for window in windows(self._kept(entry, whole)):
            kind = kind or kind_of(path, window.data)
            self._marks.see(kind, window)
            for pin in pins_in(window, pin_looks, text=kind == OTHER):
                self._add_pin(CodePin(algorithm=pin.algorithm, pin=pin.pin, where=where, host=pin.host))
            found |= {one.der: one for one in certificates_in_text(window, certificate_looks)}
            seen += window.end - window.start
            yield seen
        if pin_looks.exceeded or certificate_looks.exceeded:
            self._problems.add("more lookalikes of pins or certificates than are looked at", where)
        if kind == DEX:
            self._add_hosts(entry)
        content = b"".join(whole)
        if store := key_store_in(path, content):
            self._problems.add(f"a {store} key store, which is not opened: it may hold certificates", where)
        found |= {one.der: one for one in certificates_of_file(content)}
        self._add_certificates(list(found.values()), where)

    def facts(self) -> CodeFacts:
        if self._pins_left_out:
            self._problems.add(f"{self._pins_left_out} more pins in code are left out")
        if self._certificates_left_out:
            self._problems.add(f"{self._certificates_left_out} more certificates are left out")
        return CodeFacts(
            code_pins=tuple(self._pins.values()),
            certificates=tuple(self._certificates.values()),
            libraries=self._marks.ids,
            problems=tuple(self._problems),
        )

    def _kept(self, entry: Entry, whole: list[bytes]) -> Iterator[bytes]:
        """The entry's pieces; those of a small one are kept in `whole` as well."""
        length = 0
        for piece in entry.chunks():
            length += len(piece)
            if length <= LARGEST_FILE:
                whole.append(piece)
            else:
                whole.clear()
            yield piece

    def _add_pin(self, pin: CodePin) -> None:
        # One library is there once per processor; that makes no more pins.
        place = _ABI.sub("lib/*/", pin.where)
        key = (pin.algorithm, pin.pin, pin.host, place)
        if pin.host:
            self._pins.pop((pin.algorithm, pin.pin, "", place), None)
        elif any(other[:2] == key[:2] and other[3] == place for other in self._pins):
            return
        if key in self._pins:
            return
        if len(self._pins) >= PINS_KEPT:
            self._pins_left_out += 1
            return
        self._pins[key] = pin

    def _add_hosts(self, entry: Entry) -> None:
        """The hosts that code gives the pins of this dex file to. Few have pins: only those are read once more."""
        here = {f"{one.algorithm}/{one.pin}": one for one in self._pins.values() if one.where == entry.name}
        if not any(not one.host for one in here.values()) or entry.size > dex_hosts.LARGEST:
            return
        for text, hosts in dex_hosts.hosts_of_pins(entry.read(dex_hosts.LARGEST), here, self._calls).items():
            for host in sorted(hosts):
                self._add_pin(replace(here[text], host=host))

    def _add_certificates(self, found: list[FoundCertificate], where: str) -> None:
        authorities = sum(one.facts.is_ca for one in found)
        if authorities >= BUNDLE:
            self._marks.add("ca-bundle")
            self._problems.add(f"a bundle of {authorities} CA certificates: they are not listed", where)
            return
        for one in found:
            digest = hashlib.sha256(one.der).digest()
            if digest in self._certificates:
                continue
            if len(self._certificates) >= CERTIFICATES_KEPT:
                self._certificates_left_out += 1
                continue
            self._certificates[digest] = one.at(where)
