"""Finding things among an APK's resources: the Network Security Config wherever its path went, and raw certificates.

Build tools shorten and rename the paths of resources, so the resource table is asked; where it cannot tell, every
compiled XML file is looked at and known by its root.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pinprobe.declared import axml, nsc
from pinprobe.declared.arsc import Table, Value
from pinprobe.declared.axml import Element
from pinprobe.declared.certificates import certificates_in_text, certificates_of_file
from pinprobe.declared.package import Entry, Package
from pinprobe.declared.strings import Damaged
from pinprobe.declared.windows import Looks, windows

TABLE = "resources.arsc"
_RAW_BYTES = 1 << 20
"""A file of certificates; all public roots together take a quarter of it."""
_ROOT_NAMES = (nsc.ROOT.encode(), nsc.ROOT.encode("utf-16-le"))


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A compiled Network Security Config."""

    entry: Entry
    root: Element


class Resources:
    """Those of one APK."""

    def __init__(self, package: Package, entries: list[Entry]) -> None:
        self._package = package
        self._entries = {entry.path: entry for entry in reversed(entries)}
        self._table: Table | None = None
        self._table_read = False

    def values(self, resource: int) -> list[Value]:
        """What an id stands for; nothing where there is no table that can be read."""
        table = self._read_table()
        try:
            return [] if table is None else table.values(resource)
        except Damaged as error:
            self._package.note(str(error), TABLE)
            return []

    def named_config(self, resource: int) -> ConfigFile | None:
        """The file that a reference leads to; None, with a problem noted, where devices get different ones."""
        found = [file for file in map(self._config, self._files(resource)) if file is not None]
        if any(file.root != found[0].root for file in found[1:]):
            self._package.note(f"one of {len(found)} for different devices, which differ", found[0].entry.name)
            return None
        return found[0] if found else None

    def debug_file(self, resource: int | None, file: ConfigFile) -> ConfigFile | None:
        """The `_debug` resource beside the config, if there is one: by the name of the resource, not its path."""
        table = self._read_table()
        if resource is None or table is None:
            return None
        try:
            name = table.name(resource)
            beside = table.find("xml", f"{name}_debug") if name else None
        except Damaged as error:
            self._package.note(str(error), TABLE)
            return None
        found = None if beside is None else self.named_config(beside)
        return found if found is not None and found.entry.path != file.entry.path else None

    def all_configs(self) -> list[ConfigFile]:
        """Every Network Security Config among the compiled XML files."""
        limits = self._package.limits
        xml = [entry for entry in self._entries.values() if _may_be_xml(entry.path)]
        if len(xml) > limits.xml_files:
            self._package.note(f"more than {limits.xml_files} XML files: the rest is not read")
        likely = filter(None, map(self._likely_config, xml[: limits.xml_files]))
        decoded = (self._decoded(*one) for one in islice(likely, limits.configs))
        return [file for file in decoded if file is not None]

    def pins_of(self, resource: int) -> tuple[str, ...]:
        """Pins of the certificates that a raw resource holds."""
        found = (pin for path in self._files(resource) for pin in self._pins_in(path))
        return tuple(dict.fromkeys(islice(found, self._package.limits.raw_certificates)))

    def _files(self, resource: int) -> Iterator[str]:
        return (value.text for value in self.values(resource) if value.text in self._entries)

    def _pins_in(self, path: str) -> Iterator[str]:
        content = self._entries[path].read(_RAW_BYTES)
        for one in certificates_of_file(content):
            yield one.facts.pin_sha256
        looks = Looks(self._package.limits.raw_certificates)
        for window in windows([content]):
            for one in certificates_in_text(window, looks):
                yield one.facts.pin_sha256

    def _config(self, path: str) -> ConfigFile | None:
        """The file at this path, where it is one, whatever its first bytes: Android does not look at them either."""
        entry = self._entries[path]
        return self._decoded(entry, entry.read(self._package.limits.xml_bytes))

    def _likely_config(self, entry: Entry) -> tuple[Entry, bytes] | None:
        """Cheap, before anything is decoded: a config has its root's name among its strings."""
        content = entry.read(self._package.limits.xml_bytes)
        likely = content.startswith(axml.MAGIC) and any(name in content for name in _ROOT_NAMES)
        return (entry, content) if likely else None

    def _decoded(self, entry: Entry, content: bytes) -> ConfigFile | None:
        try:
            root = axml.parse(content, self._package.limits)
        except Damaged as error:
            self._package.note(f"cannot be decoded: {error}", entry.name)
            return None
        return ConfigFile(entry, root) if nsc.is_config(root) else None

    def _read_table(self) -> Table | None:
        if not self._table_read:
            self._table_read = True
            if (entry := self._entries.get(TABLE)) is not None:
                try:
                    self._table = Table(entry.read(self._package.limits.table_bytes))
                except Damaged as error:
                    self._package.note(f"cannot be decoded: {error}", entry.name)
        return self._table


def _may_be_xml(path: str) -> bool:
    """Compiled XML keeps its ending in all known build tools, or loses it below res/; assets are never compiled."""
    name = path.rpartition("/")[2]
    if path.startswith("assets/") or path == "AndroidManifest.xml":
        return False
    return name.endswith(".xml") or (path.startswith("res/") and "." not in name)
