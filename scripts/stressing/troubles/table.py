"""The table of troubles."""

from __future__ import annotations

from stressing.troubles.blocked_list import LIST_BLOCKED
from stressing.troubles.clock import CLOCK
from stressing.troubles.full_disk import FULL_DISK
from stressing.troubles.handles import HANDLES
from stressing.troubles.permission import PERMISSION_LOST
from stressing.troubles.read_only import READ_ONLY
from stressing.troubles.removed import ALL_REMOVED, SESSION_REMOVED
from stressing.troubles.trouble import Trouble

TROUBLES: tuple[Trouble, ...] = (
    FULL_DISK,
    READ_ONLY,
    SESSION_REMOVED,
    ALL_REMOVED,
    PERMISSION_LOST,
    LIST_BLOCKED,
    HANDLES,
    CLOCK,
)
