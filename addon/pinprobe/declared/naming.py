"""Which app a package is: its manifest alone, which takes milliseconds where the whole takes seconds."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pinprobe.declared.base import base_of
from pinprobe.declared.package import Deadline, open_package
from pinprobe.events import AppDeclared


def package_name(paths: Sequence[Path], *, deadline: Deadline | None = None) -> str:
    """The app's package id, as its manifest has it. Raises PackageError where none can be read."""
    with open_package(paths, deadline=deadline) as package:
        _, said = base_of(package)
        return said.package


def told_of_another(app: AppDeclared) -> AppDeclared:
    """The same, with a problem more where its app is called by another package's name."""
    if not app.of_another_app:
        return app
    words = f"the package is {app.package}, and the app under test {app.app_id}"
    return replace(app, problems=(*app.problems, words))
