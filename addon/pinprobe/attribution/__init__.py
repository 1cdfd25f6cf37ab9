"""One way to learn which app a connection belongs to per file, and SOURCES, the table, in order of trust."""

from pinprobe.attribution import client, listener, option, socket_table, tunnel, user_agent
from pinprobe.attribution.adb_tables import AdbTables
from pinprobe.attribution.client import plain_address
from pinprobe.attribution.polling import Answer, Poller, Question, ReadError, TableReader
from pinprobe.attribution.socket_table import Match, is_loopback
from pinprobe.attribution.source import NOBODY, NONE, Attributed, Seen, Source
from pinprobe.attribution.user_agent import named_by

SOURCES: tuple[Source, ...] = (
    tunnel.SOURCE,
    listener.SOURCE,
    socket_table.SOURCE,
    client.SOURCE,
    user_agent.SOURCE,
    option.SOURCE,
)

__all__ = [
    "NOBODY",
    "NONE",
    "SOURCES",
    "AdbTables",
    "Answer",
    "Attributed",
    "Match",
    "Poller",
    "Question",
    "ReadError",
    "Seen",
    "Source",
    "TableReader",
    "client",
    "is_loopback",
    "listener",
    "named_by",
    "plain_address",
    "socket_table",
    "tunnel",
]
