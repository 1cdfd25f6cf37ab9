"""A device's tables through adb. Its errors name no serial, since they end in journals and reports."""

from pinprobe.attribution.polling import ReadError
from pinprobe.device.adb import Adb
from pinprobe.device.choice import NOT_TO_BE_HAD, find
from pinprobe.device.errors import DeviceError, DeviceLost

AUTO = "auto"
"""In place of a serial: the only device there is."""
SOCKETS_S = 3.0
"""Longest wait for the tables; later they are of no use."""
PACKAGES_S = 15.0
"""The package manager of a device under load takes seconds."""
TABLES = ("/proc/net/tcp", "/proc/net/tcp6")


class AdbTables:
    """Reads the tables of one device; the program and the device are looked for when first asked, and after errors."""

    def __init__(self, wanted: str) -> None:
        self._wanted = None if wanted == AUTO else wanted
        self._adb: Adb | None = None
        self._serial = ""

    def sockets(self) -> str:
        """Both tables, one after the other."""
        return self._ask("cat", *TABLES, timeout_s=SOCKETS_S)

    def packages(self) -> str:
        """The installed packages with their user ids."""
        return self._ask("pm", "list", "packages", "-U", timeout_s=PACKAGES_S)

    def _ask(self, *words: str, timeout_s: float) -> str:
        # Fixed words of our own: the device's shell finds nothing in them to expand.
        try:
            if self._adb is None:
                adb = Adb()
                self._serial = find(adb, self._wanted).serial
                self._adb = adb
            answer = self._adb.run("shell", *words, serial=self._serial, timeout_s=timeout_s)
        except DeviceLost:
            self._adb = None
            raise ReadError("the device does not answer") from None
        except DeviceError:
            self._adb = None
            raise ReadError(NOT_TO_BE_HAD) from None
        if answer.code and not answer.out:
            self._adb = None
            raise ReadError(f"`{words[0]}` failed on the device (exit code {answer.code}), or it is gone")
        return answer.out
