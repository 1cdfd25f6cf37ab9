"""The only room that touches mitmproxy and OpenSSL: hooks to events, probe plans to connections."""

from pinprobe.mitm.addon import Pinprobe

__all__ = ["Pinprobe"]
