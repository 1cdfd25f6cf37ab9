"""What an app's package declares: manifest, network security config, pins in code. Reads APKs; believes none of them."""

from pinprobe.declared.package import Entry, Package, PackageError, open_package
from pinprobe.declared.reading import Declared, read_app

__all__ = ["Declared", "Entry", "Package", "PackageError", "open_package", "read_app"]
