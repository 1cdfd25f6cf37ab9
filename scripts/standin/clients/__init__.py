"""The apps: real TLS clients of several kinds, each a process of its own behind one table."""

from standin.clients.base import Attempt, ClientKind, Job, Run, run, start
from standin.clients.table import CLIENTS

__all__ = ["CLIENTS", "Attempt", "ClientKind", "Job", "Run", "run", "start"]
