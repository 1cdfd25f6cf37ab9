"""Names of hosts, wherever they come from: one canonical form, and what the catalog makes of it."""

from __future__ import annotations

import re

from pinprobe.catalog import known_hosts, registrable_domain
from pinprobe.mitm.names import LONGEST_NAME, host_name
from pinprobe.policy.pattern import HostPattern
from pinprobe.report.folders import folder_name
from pinprobe.report.safe_text import unicode_host
from stressing.fuzz.hello_bytes import NAMES
from stressing.fuzz.target import Broken, Check, Target

_CANONICAL = re.compile(rf"[!-@\[-~]{{1,{LONGEST_NAME}}}")


def _prepare() -> Check:
    table = known_hosts()
    registrable_domain("example.com")  # reads its list

    def check(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        name = host_name(text)
        HostPattern.of(text)
        folder = folder_name(text)
        if not folder or "/" in folder or "\\" in folder or folder.startswith(".") or len(folder.encode()) > 255:
            raise Broken(f"no name of a folder: {folder!r}")
        if name is None:
            return
        if not _CANONICAL.fullmatch(name):
            raise Broken(f"not canonical: {name!r}")
        if len(name) < LONGEST_NAME and host_name(name) != name:
            raise Broken(f"not the same again: {name!r} {host_name(name)!r}")
        registrable_domain(name)
        table.look_up(name)
        unicode_host(name)

    return check


TARGET = Target(
    name="names",
    about="names of hosts and apps: canonical form, registrable domain, catalog, folder",
    prepare=_prepare,
    seeds=lambda: (*NAMES, b"api.example.com", b"com.example.app", b"CON", b"a.b.co.uk", b"fe80::1%lo"),
)
