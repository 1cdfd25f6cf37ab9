"""The report while it is made: shown to whoever sits at this machine, and to nobody who comes from elsewhere."""

from pinprobe.mitm.live.door import Door
from pinprobe.mitm.live.pages import Pages

__all__ = ["Door", "Pages"]
