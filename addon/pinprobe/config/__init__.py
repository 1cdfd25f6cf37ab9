"""Options and YAML into one checked object. The only room that reads YAML."""

from pinprobe.config.named import LONGEST_APP, word
from pinprobe.config.options import ASKABLE, EXTRA_FORMATS, OPTIONS, Option
from pinprobe.config.settings import LONGEST_LABEL, Settings, settings_of
from pinprobe.config.tree import ConfigError, Items, Keys, Tree, Word, read_tree

__all__ = [
    "ASKABLE",
    "EXTRA_FORMATS",
    "LONGEST_APP",
    "LONGEST_LABEL",
    "OPTIONS",
    "ConfigError",
    "Items",
    "Keys",
    "Option",
    "Settings",
    "Tree",
    "Word",
    "read_tree",
    "settings_of",
    "word",
]
