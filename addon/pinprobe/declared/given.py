"""What a user gives as an app's package: files and folders; and how its names are shown."""

from collections.abc import Sequence
from pathlib import Path

from pinprobe.declared.limits import Limits
from pinprobe.declared.problems import PackageError

ARCHIVES = (".apk", ".apks", ".xapk", ".apkm", ".zip")
"""Of a folder, these files are read."""
NAME_CHARS = 200


def files_given(paths: Sequence[Path], limits: Limits) -> list[Path]:
    """The files themselves: a folder stands for the archives in it. Raises PackageError."""
    found: list[Path] = []
    for path in paths:
        label = safe(path.name or ".")
        if path.is_dir():
            try:
                inside = sorted(one for one in path.iterdir() if one.suffix.lower() in ARCHIVES and one.is_file())
            except OSError as error:
                raise PackageError(f"the folder {label} cannot be read ({error.strerror}): check its rights") from error
            if not inside:
                raise PackageError(f"the folder {label} holds no APK: give the folder that has base.apk in it")
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise PackageError(f"{label} does not exist, or is no file: check the path")
    if not found:
        raise PackageError("no package given: name an APK, a folder of APKs, or an APKS or XAPK archive")
    if len(found) > limits.apks:
        raise PackageError(f"more than {limits.apks} packages: give the files of one app only")
    return found


def why_no_app(paths: set[str]) -> str:
    """Why an archive of these entries is none, and what to do, for the end of a sentence."""
    if "BundleConfig.pb" in paths or any(path.endswith("manifest/AndroidManifest.xml") for path in paths):
        return "it is an App Bundle, which no device installs: make APKs from it with bundletool"
    return "there is neither an AndroidManifest.xml nor an APK in it; give an APK, APKS or XAPK"


def safe(text: str) -> str:
    """One line of printable characters, not too long."""
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape", "replace").decode() for char in text)
    return shown if len(shown) <= NAME_CHARS else f"{shown[: NAME_CHARS - 1]}…"
