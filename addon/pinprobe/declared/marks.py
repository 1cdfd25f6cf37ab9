"""Which libraries a package brings, by the marks of LIBRARIES: names of files, classes and strings. Pure."""

from fnmatch import fnmatchcase

from pinprobe.declared.windows import Window
from pinprobe.libraries import LIBRARIES

DEX, NATIVE, OTHER = "dex", "native", "other"
"""What an entry holds."""

PACKERS = (
    ("lib/*/libjiagu*.so", "360 Jiagu"),
    ("assets/libjiagu*.so", "360 Jiagu"),
    ("lib/*/libDexHelper*.so", "SecNeo"),
    ("lib/*/libSecShell*.so", "Bangcle"),
    ("assets/secData0.jar", "Bangcle"),
    ("lib/*/libshell[ax]*.so", "Tencent Legu"),
    ("lib/*/libbaiduprotect*.so", "Baidu"),
    ("assets/ijiami*", "Ijiami"),
    ("lib/*/libnqshield*.so", "NQ Shield"),
    ("lib/*/libmobisec*.so", "Alibaba"),
    ("lib/*/libdexprotector*.so", "DexProtector"),
    ("lib/*/libcovault-appsec*.so", "AppSealing"),
)
"""Files of products that hide an app's code, which is then loaded at run time, and their names (recalled)."""


def kind_of(path: str, beginning: bytes) -> str:
    """By its first bytes, since code may lie under any name; by its name where they do not say."""
    if beginning.startswith(b"dex\n") or path.endswith(".dex"):
        return DEX
    return NATIVE if beginning.startswith(b"\x7fELF") or path.endswith(".so") else OTHER


def packer_of(path: str) -> str:
    """The product that hides the code of an app with this entry; empty where none is known."""
    return next((title for pattern, title in PACKERS if fnmatchcase(path, pattern)), "")


class Marks:
    """Collects the ids of libraries while entries pass."""

    def __init__(self) -> None:
        self._found: set[str] = set()
        self._files = [(pattern, library.id) for library in LIBRARIES for pattern in library.files]
        texts = [(text.encode(), library.id) for library in LIBRARIES for text in library.texts]
        classes = [(one.encode(), library.id) for library in LIBRARIES for one in library.classes]
        self._needles = {DEX: [*classes, *texts], NATIVE: texts}

    @property
    def ids(self) -> tuple[str, ...]:
        """What was found, in the table's order."""
        return tuple(library.id for library in LIBRARIES if library.id in self._found)

    def add(self, library_id: str) -> None:
        """One that was recognised by other means."""
        self._found.add(library_id)

    def see_name(self, path: str) -> None:
        """Look at the name of an entry in its archive."""
        self._found.update(found for pattern, found in self._files if fnmatchcase(path, pattern))

    def see(self, kind: str, window: Window) -> None:
        """Look at a piece of the content of an entry of this kind."""
        for needle, library_id in self._needles.get(kind, ()):
            if library_id not in self._found and window.holds(needle):
                self._found.add(library_id)
