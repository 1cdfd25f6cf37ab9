"""From evidence to pages: one model, one renderer per file, and FORMATS, the table. Pure, but for `files` and `private`.

The door loads the renderers when somebody asks for them: the proxy needs names of folders and times long before that.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pinprobe.report.formats import FORMATS, Format

__all__ = ["FORMATS", "Format"]


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(import_module(f"{__name__}.formats"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
