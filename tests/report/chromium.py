"""A real browser for tests of pages: headless Chromium, spoken to over its DevTools pipe. Nothing else is needed."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MISSING = "no Chromium: apt-get install chromium"

PATIENCE_S = 100
"""A browser that says nothing for so long has hung, and a test that waits for it would too."""

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--disable-lcd-text",
    "--remote-debugging-pipe",
)


class Browser:
    """One page in one browser, with everything that it complained of or asked the network for."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read = os.fdopen(read_fd, "rb", buffering=0)
        self._write = os.fdopen(write_fd, "wb", buffering=0)
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self._events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> Any:
        """Send one command and wait for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session is not None:
            message["sessionId"] = self._session
        self._write.write(json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self._events.append(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def open(
        self,
        page: Path,
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        scripts: bool = True,
        fragment: str = "",
    ) -> None:
        """Load a file in a window of this size, and wait until it is done."""
        self._events.clear()
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        answer = self.call("Page.navigate", url=page.as_uri() + fragment)
        if "loaderId" not in answer:  # the same page at another place: nothing would be loaded
            self.call("Page.reload")
        while not any(event["method"] == "Page.loadEventFired" for event in self._events):
            self._events.append(self._next())

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def screenshot(self, to: Path) -> Path:
        """A picture of what is in the window."""
        to.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))
        return to

    def pdf(self) -> bytes:
        """The page as it prints."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=False)["data"])

    @property
    def complaints(self) -> list[str]:
        """Console messages, log entries and exceptions since the page was opened."""
        self.evaluate("new Promise(done => setTimeout(done, 50))")
        found = {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"}
        return [json.dumps(event["params"])[:500] for event in self._events if event.get("method") in found]

    @property
    def requests(self) -> list[str]:
        """Addresses that were asked for since the page was opened, the page itself among them."""
        sent = [event for event in self._events if event.get("method") == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in sent]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            assert select.select([self._read], [], [], PATIENCE_S)[0], "Chromium says nothing any more"
            chunk = self._read.read(1 << 16)
            assert chunk, "Chromium ended"
            self._buffer += chunk
        message, _, self._buffer = self._buffer.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer


@contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    """A browser with an empty profile of its own; gone at the end."""
    assert CHROMIUM is not None, MISSING
    child_reads, we_write = os.pipe()
    we_read, child_writes = os.pipe()
    # Chromium reads commands from descriptor 3 and answers on 4.
    shell = 'exec "$0" "$@" 3<&$READS 4>&$WRITES'
    process = subprocess.Popen(
        ["bash", "-c", shell, CHROMIUM, *FLAGS, f"--user-data-dir={profile}"],
        env={**os.environ, "READS": str(child_reads), "WRITES": str(child_writes)},
        pass_fds=(child_reads, child_writes),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(child_reads)
    os.close(child_writes)
    browser = Browser(we_read, we_write)
    try:
        yield browser
    finally:
        process.terminate()
        process.wait(20)
        browser._read.close()
        browser._write.close()
