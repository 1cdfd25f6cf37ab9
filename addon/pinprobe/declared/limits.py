"""How much of a package is read at most. A package is hostile input: every claim in it is bounded here."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes, decompressed unless said otherwise. What lies beyond one is left out, and that is noted."""

    archive_bytes: int = 4096 * MIB
    """One file given by the user, as it lies on disk: beyond it the archive format itself changes."""
    apks: int = 200
    """A base with its splits: one per language and feature."""
    entries: int = 100_000
    """In all archives together. Large apps hold some ten thousand."""
    directory_bytes: int = 32 * MIB
    """One archive's table of contents."""
    entry_bytes: int = 512 * MIB
    total_bytes: int = 4096 * MIB
    """Of everything that is decompressed from one package, each time anew."""
    ratio: int = 200
    """Decompressed by compressed size, beyond `ratio_free_bytes`. Code reaches 5; a bomb reaches 1000."""
    ratio_free_bytes: int = 16 * MIB
    held_bytes: int = 128 * MIB
    """Compressed APKs inside an archive must be held in memory to be read; all of them together."""
    name_bytes: int = 1024
    """A longer name is cut."""
    xml_bytes: int = 4 * MIB
    """One binary XML file."""
    xml_files: int = 20_000
    """Under res/, in all APKs together."""
    elements: int = 50_000
    """Of one XML file."""
    depth: int = 64
    """Of one XML file; Android's own configuration needs about six."""
    table_bytes: int = 64 * MIB
    """One resources.arsc."""
    domains: int = 2000
    """Of a Network Security Config; large ones name some hundred."""
    pins: int = 50
    """Of one set of pins, where three are many."""
    configs: int = 20
    """XML files that are decoded because they look like a Network Security Config."""
    raw_files: int = 50
    """Files of certificates that a configuration names."""
    raw_certificates: int = 300
    """In one of them, and in all of them; all public roots are about 150."""
    problems: int = 50
    """Different ones that are told of."""


LIMITS = Limits()
