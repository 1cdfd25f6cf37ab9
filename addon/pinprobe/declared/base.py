"""The base among a package's APKs: its manifest speaks for the app."""

from pinprobe.declared import axml, manifest
from pinprobe.declared.manifest import Manifest
from pinprobe.declared.package import MANIFEST, Apk, Entry, Package, PackageError
from pinprobe.declared.resources import Resources
from pinprobe.declared.strings import Damaged


def base_of(package: Package) -> tuple[Apk, Manifest]:
    """The base APK and what its manifest says; the first split where there is none. Raises PackageError."""
    read: list[tuple[Apk, Manifest]] = []
    for apk in package.apks:
        entries = list(package.entries(apk))
        said = _manifest(package, entries[0], Resources(package, entries))
        if said is not None:
            read.append((apk, said))
    if not read:
        names = ", ".join(apk.label for apk in package.apks[:3])
        why = "; ".join(package.problems[:3])
        raise PackageError(
            f"{names}: no AndroidManifest.xml that can be decoded ({why}): give the APK as it is installed"
        )
    apk, said = min(read, key=lambda one: bool(one[1].split))
    if said.split:
        package.note("only splits, and no base APK: give base.apk too; its configuration is not known", apk.label)
    elif said.needs_splits and not any(other.split for _, other in read):
        package.note("lacks its splits: give all files of the app, which adb shell pm path PACKAGE names", apk.label)
    for other_apk, other in read:
        if (other.package, other.version_code) != (said.package, said.version_code):
            if not other.split and not said.split:
                raise PackageError(
                    f"{apk.label} and {other_apk.label} are different apps or versions: give the files of one app only"
                )
            package.note("of another app or version than the rest: give the files of one app only", other_apk.label)
        elif not other.split and other != said:
            package.note("a second base APK, whose manifest says something else: the first one counts", other_apk.label)
    return apk, said


def _manifest(package: Package, entry: Entry, resources: Resources) -> Manifest | None:
    if entry.path != MANIFEST:
        return None
    try:
        root = axml.parse(entry.read(package.limits.xml_bytes), package.limits)
    except Damaged as error:
        package.note(f"cannot be decoded: {error}", entry.name)
        return None
    said = manifest.read(root, resources.values)
    if root.tag != "manifest" or not said.package:
        package.note("is no manifest of an app", entry.name)
        return None
    return said
