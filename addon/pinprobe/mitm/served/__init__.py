"""The certificate that an attempt is shown: from a probe's plan to a TLS connection of our own."""

from pinprobe.mitm.served.leaf import Chains, Leaf
from pinprobe.mitm.served.server import Server

__all__ = ["Chains", "Leaf", "Server"]
