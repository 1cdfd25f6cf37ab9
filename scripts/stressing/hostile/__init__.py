"""`scripts/stress hostile`: clients that never finish, floods of handshakes, and names without end."""

from stressing.hostile.measure import HOSTILE

__all__ = ["HOSTILE"]
