"""Files that are whole or not there, for their owner alone. Raises OSError as the system does.

Pages tell which hosts an app talks to, which is nobody else's business: files are 0600, new folders 0700.
"""

from pathlib import Path

WRITERS = 4
"""Files that may be in the making beside one another."""


def make_private(folder: Path) -> None:
    """Make a folder and what is missing above it, for its owner alone."""
    missing = [folder, *folder.parents]
    for one in reversed(missing[: next((n for n, path in enumerate(missing) if path.is_dir()), len(missing))]):
        one.mkdir(mode=0o700, exist_ok=True)


def in_bytes(text: str) -> bytes:
    """A report as it stands in its file."""
    return text.encode("utf-8", "backslashreplace")


def replace_file(path: Path, text: str) -> None:
    """Write a whole new file beside the old one and put it in its place, so that no reader sees half of it."""
    fresh = _new_file(path)
    try:
        fresh.write_bytes(in_bytes(text))
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def write_private(path: Path, text: str) -> None:
    """The same, in a folder that is made where it is missing."""
    make_private(path.parent)
    replace_file(path, text)


def _new_file(path: Path) -> Path:
    """An empty file of our own beside this one, private from its first moment, and nobody else's link.

    Two proxies may write the same index at once, so each takes a free name; what killed ones left is removed.
    """
    names = [path.with_name(f".{path.name}.{number}.tmp") for number in range(WRITERS)]
    for fresh in names:
        try:
            fresh.touch(mode=0o600, exist_ok=False)
            return fresh
        except FileExistsError:
            continue
    for stale in names:
        stale.unlink(missing_ok=True)
    names[0].touch(mode=0o600, exist_ok=False)
    return names[0]
