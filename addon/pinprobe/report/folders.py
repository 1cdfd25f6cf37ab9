"""Names of folders and files; those for free text. Pure."""

import hashlib
import re

APPS = "apps"
"""Where the reports of a session's other apps lie, beside its own."""
INDEX = "index.html"
REPORT = "report.json"
JOURNAL = "journal.jsonl"
NAME_LENGTH = 80
"""Characters of a folder name; every file system takes 255, and paths have limits too."""
HASH_LENGTH = 10

_PLAIN = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_-])?")
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_LIKE_ALTERED = re.compile(rf".*-[0-9a-f]{{{HASH_LENGTH}}}")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
"""Names that Windows keeps for itself, with any ending."""


def folder_name(text: str) -> str:
    """Free text as the name of one folder, where two texts never share one.

    A plain lower-case name stays as it is. Anything else (capitals too, since many file systems ignore case)
    is altered and ends in a hash of the text.
    """
    plain = _PLAIN.fullmatch(text) and len(text) <= NAME_LENGTH and text != INDEX
    if plain and text.partition(".")[0] not in _DEVICES and not _LIKE_ALTERED.fullmatch(text):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_LENGTH]
    stem = _UNSAFE.sub("_", text)[: NAME_LENGTH - HASH_LENGTH - 1].strip("._-")
    return f"{stem if stem and stem.partition('.')[0].lower() not in _DEVICES else '_' + stem}-{digest}"
