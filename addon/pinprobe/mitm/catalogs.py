"""The user's tables of hosts, read once: when the options are checked, so that a bad one is refused at the start."""

import logging

from pinprobe.catalog import CatalogError, Table, known_hosts
from pinprobe.config import ConfigError, Settings

logger = logging.getLogger(__name__)
NAMED = 5
"""Patterns that are named when they take the place of ours."""


def catalog_in(settings: Settings) -> Table:
    """Our table, with the files that the options name. Raises `ConfigError`, with file and line."""
    try:
        table = known_hosts(settings.catalog)
    except CatalogError as error:
        raise ConfigError(f"pinprobe_catalog: {error}.") from None
    if replaced := table.replaced:
        more = f" and {len(replaced) - NAMED} more" if len(replaced) > NAMED else ""
        logger.info("pinprobe: rows of pinprobe_catalog in place of its own: %s%s", ", ".join(replaced[:NAMED]), more)
    return table
