"""A backup key on disk: made once, never overwritten, and never printed."""

import os
from pathlib import Path

from pinprobe.cli.asking import say
from pinprobe.cli.exits import Exit, Failed

KEEP = "move it to where no server and no build machine can read it, and keep a copy elsewhere"


def backup_key(path: Path | None) -> list[str]:
    """The pin of the key there, which is made where nothing is yet. Raises Failed for what is no key."""
    if path is None:
        return []
    from pinprobe import x509

    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pem = path.read_bytes()
        made = False
    else:
        pem = x509.new_spare_key()
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        made = True
    try:
        pin = x509.pin_of_key(pem)
    except ValueError as error:
        raise Failed(Exit.USAGE, f"{path}: {error}.") from error
    say(f"backup key {'made' if made else 'found'} at {path}, its pin: {pin}")
    if made:
        say(KEEP)
    return [pin]
