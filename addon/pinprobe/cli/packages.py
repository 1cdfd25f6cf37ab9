"""The app's package named on the command line: read, and held against journals that were recorded without it."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pinprobe.cli.arguments import LONGEST_TIMEOUT_S
from pinprobe.cli.exits import Exit, Failed
from pinprobe.cli.progress import Progress
from pinprobe.evidence import Evidence
from pinprobe.findings import Level
from pinprobe.report.attribution import home_of
from pinprobe.report.notices import Notice
from pinprobe.report.safe_text import NAME_LIMIT, safe_text

if TYPE_CHECKING:
    from pinprobe.declared import Declared


def read_package(paths: Sequence[Path], timeout_s: float = LONGEST_TIMEOUT_S) -> "Declared":
    """Read an app's package; what is not read in time is left out and told of. Raises Failed where it is none."""
    from pinprobe.declared import PackageError, read_app  # other commands, and other reports, do without cryptography

    ends = time.monotonic() + timeout_s
    try:
        with Progress("reading the package") as progress:
            return read_app(paths, progress=progress.tell, deadline=lambda: time.monotonic() > ends)
    except PackageError as error:
        raise Failed(Exit.UNREADABLE, safe_text(str(error))) from error


def hold(declared: "Declared", evidence: Evidence) -> None:
    """Add what the package declares to the evidence of one session, in the place of what its journal says of one."""
    from pinprobe.declared.naming import told_of_another

    session = evidence.session
    assert session is not None
    package = declared.app("", 0.0).package
    # Where connections were told apart, the package speaks for its own app's, whatever the session was called.
    app_id = package if any(endpoint.app_id == package for endpoint in evidence.endpoints) else home_of(evidence)
    evidence.declared.pop(app_id, None)
    for about in [about for about in evidence.hosts_declared if about[0] == app_id]:
        del evidence.hosts_declared[about]
    evidence.feed(told_of_another(declared.app(app_id, session.at_s)))
    named = [endpoint.host for endpoint in evidence.endpoints if endpoint.app_id == app_id]
    for host in dict.fromkeys([*evidence.hosts, *named]):
        if (found := declared.host(host, app_id, session.at_s, session.android_api)) is not None:
            evidence.feed(found)


def added(declared: "Declared", journals: int) -> Notice:
    """What a report says of it: the journal's digest stands in it, and vouches for nothing that was added."""
    app = declared.app("", 0.0)
    named = safe_text(f"{app.package} {app.version_name}".strip(), NAME_LIMIT)
    theirs = "journal's" if journals == 1 else "journals'"
    return Notice(
        id="package_added",
        level=Level.NOTE,
        text=f"What the app's package declares ({named}, SHA-256 {app.apk_sha256}) was added when this report was made, and "
        f"is not the {theirs} word.",
    )
