"""The reporter, which is loaded in a thread of its own once the proxy listens: what it is told before that waits.

Its rooms (evidence, verdicts, report) are most of pinprobe, and would keep the proxy from its first connection.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from pinprobe.events import Event

if TYPE_CHECKING:
    from pinprobe.evidence import Evidence
    from pinprobe.mitm.reporter import Reporter

Show = Callable[[Mapping[str, str]], None]
"""Takes the report as it was just rendered, by the names of its files; called in the reporter's thread."""
Complain = Callable[[str, Exception], None]
"""Takes where an error of our own happened, and the error."""


class Reporting:
    """All but the loading belongs to the recorder's thread."""

    def __init__(self, made: "Callable[[], Reporter]", complain: Complain) -> None:
        """`made` imports the reporter's rooms and makes it; it runs in the loader's thread."""
        self._complain = complain
        self._reporter: Reporter | None = None
        self._error: Exception | None = None
        self._waiting: list[tuple[Sequence[Event], str]] = []
        self._sha256 = ""
        """As it was told last: a reporter that nothing is new for is not woken."""
        self._loader = threading.Thread(target=self._load, args=(made,), name="pinprobe-loader", daemon=True)
        self._loader.start()

    @property
    def evidence(self) -> "Evidence | None":
        """What was learned; the reporter's own while it runs. None where it could not be loaded."""
        return self._reporter.evidence if self._reporter is not None else None

    def loaded(self) -> None:
        """Returns when it is loaded, or cannot be."""
        self._loader.join()

    def tell(self, batch: Sequence[Event], sha256: str) -> None:
        """What was journalled, and the digest of the journal with it; returns at once.

        To be called again and again, also where nothing is new: what waited is handed over then.
        """
        if batch or sha256 != self._sha256:
            self._sha256 = sha256
            self._waiting.append((batch, sha256))
        if (reporter := self._reporter) is not None:
            self._hand_over(reporter)
        elif self._error is not None:
            self._waiting.clear()
            if batch:  # not before: a journal begins with the session
                self._complain("loading", self._error)

    def write_anew(self) -> None:
        """The session's folder was taken away: the next round writes everything, the list too."""
        if self._reporter is not None:
            self._reporter.write_anew()

    def finish(self) -> None:
        """That was all: returns when the last report is written."""
        self.loaded()
        if self._reporter is not None:
            self._hand_over(self._reporter)
            self._reporter.finish()
        elif self._error is not None:
            self._complain("loading", self._error)

    def finish_again(self) -> None:
        """A little more was told after `finish`: make the last report anew, in the caller's thread."""
        if self._reporter is not None:
            self._reporter.finish_again()

    def _load(self, made: "Callable[[], Reporter]") -> None:
        try:
            self._reporter = made()
        except Exception as error:
            self._error = error

    def _hand_over(self, reporter: "Reporter") -> None:
        for batch, sha256 in self._waiting:
            reporter.tell(batch, sha256)
        self._waiting.clear()
