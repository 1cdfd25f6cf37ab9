"""The only room that touches mitmproxy and OpenSSL: hooks to events, probe plans to connections."""

import gc

# All that mitmproxy has loaded stays: a collection while our own rooms load would walk through it for a tenth of a second.
gc.freeze()

from pinprobe.mitm.addon import Pinprobe  # noqa: E402

__all__ = ["Pinprobe"]
