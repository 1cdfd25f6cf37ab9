"""What a script can tell from the exit code."""

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    DIFFERS = 1
    USAGE = 2
    NOTHING_OBSERVED = 3
    UNREADABLE = 4
    DEVICE = 5


EXIT_CODES = (
    (Exit.DONE, "done; check: the policy is met"),
    (Exit.DIFFERS, "diff: a verdict changed; check: the policy is broken"),
    (
        Exit.USAGE,
        "wrong usage, a policy that cannot be used, journals of different apps, or a file that cannot be written",
    ),
    (
        Exit.NOTHING_OBSERVED,
        "nothing observed: no endpoint reached the proxy; check and init: none was put to the test; pins: no "
        "chain that a pin set can be made of",
    ),
    (
        Exit.UNREADABLE,
        "a journal, report or package cannot be read: missing, damaged, not one of ours, or written by a newer version; a "
        "server's chain cannot be fetched; or no running proxy takes a mark",
    ),
    (
        Exit.DEVICE,
        "run and device: adb, the device or the app is not ready, something is missing, or it was stopped before its end",
    ),
)


class Failed(Exception):
    """A command cannot go on; the message names what to do."""

    def __init__(self, code: Exit, message: str) -> None:
        super().__init__(message)
        self.code = code
