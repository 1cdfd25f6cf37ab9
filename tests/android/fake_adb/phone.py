"""A device: one JSON document, its files, and the mounts that each namespace sees."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]
BASE = "base"


class Failure(Exception):
    """A command of the device fails: its words and its exit code."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


class Phone:
    """Reads and writes the document; knows nothing of adb."""

    def __init__(self, document: Json) -> None:
        self.d = document

    # -- who asks ------------------------------------------------------------------------------------------------

    @property
    def api(self) -> int:
        return int(self.d["api"])

    @property
    def root(self) -> bool:
        return bool(self.d["root"])

    def new_number(self) -> int:
        self.d["next"] += 1
        return int(self.d["next"])

    # -- mounts --------------------------------------------------------------------------------------------------

    def namespace_of(self, pid: str) -> str:
        if pid == "self":
            return "init"
        if pid not in self.d["processes"]:
            raise Failure(f"/proc/{pid}: No such file or directory")
        return str(self.d["processes"][pid]["ns"])

    def mounts(self, ns: str) -> list[Json]:
        found: list[Json] = self.d["mounts"][ns]
        return found

    def add_mount(self, ns: str, target: str, source: str, kind: str, fs: str, root: str) -> None:
        """Below /system a mount of the first namespace reaches all others, which are its slaves; below /apex none does."""
        entry = {"target": target, "source": source, "type": kind, "fs": fs, "root": root}
        for one in [ns] if ns != "init" or target.startswith("/apex") else list(self.d["mounts"]):
            self.mounts(one).append({"id": self.new_number(), **entry})

    def remove_mount(self, ns: str, target: str) -> None:
        def latest(of: str) -> Json | None:
            return next((m for m in reversed(self.mounts(of)) if m["target"] == target), None)

        gone = latest(ns)
        if gone is None:
            raise Failure(f"umount: {target}: Invalid argument")
        for one in [ns] if ns != "init" or target.startswith("/apex") else list(self.d["mounts"]):
            if (same := latest(one)) is not None and same["fs"] == gone["fs"]:
                self.mounts(one).remove(same)

    def mountinfo(self, ns: str) -> str:
        lines = [f"20 1 0:1 / / {'rw' if self.d['system_rw'] else 'ro'},relatime - ext4 /dev/root ro"]
        lines += [
            f"{m['id']} 20 0:9 / {m['target']} rw,relatime - {m['type']} {m['source']} rw" for m in self.mounts(ns)
        ]
        return "".join(line + "\n" for line in lines)

    def proc_mounts(self) -> str:
        system = "rw" if self.d["system_rw"] else "ro"
        target = "/system" if self.api < 28 else "/"
        lines = [
            *([] if target == "/" else ["rootfs / rootfs ro 0 0"]),
            f"/dev/root {target} ext4 {system},relatime 0 0",
        ]
        lines += [f"{m['source']} {m['target']} {m['type']} rw,relatime 0 0" for m in self.mounts("init")]
        return "".join(line + "\n" for line in lines)

    # -- files ---------------------------------------------------------------------------------------------------

    def locate(self, path: str, ns: str = "init") -> tuple[str, str]:
        """The file system that holds this path in this namespace, and the path there."""
        parts = path.split("/")
        if len(parts) > 3 and parts[1] == "proc" and parts[3] == "root":
            self._only_root(path)
            return self.locate("/" + "/".join(parts[4:]), self.namespace_of(parts[2]))
        path = path.rstrip("/") or "/"
        for mount in reversed(self.mounts(ns)):
            if path == mount["target"] or path.startswith(f"{mount['target']}/"):
                inside = f"{mount['root'].rstrip('/')}{path.removeprefix(mount['target'])}"
                return str(mount["fs"]), inside or "/"
        return BASE, path

    def nodes(self, fs: str) -> dict[str, Json]:
        found: dict[str, Json] = self.d["files"][fs]
        return found

    def node(self, path: str, ns: str = "init") -> Json | None:
        if path.startswith("/data/misc"):
            self._only_root(path)
        fs, inside = self.locate(path, ns)
        return self.nodes(fs).get(inside)

    def read(self, path: str) -> str:
        parts = path.split("/")
        if path == "/proc/mounts":
            return self.proc_mounts()
        if len(parts) == 4 and parts[1] == "proc" and parts[3] == "mountinfo":
            if parts[2] != "self":
                self._only_root(path)
            return self.mountinfo(self.namespace_of(parts[2]))
        node = self.node(path)
        if node is None:
            raise Failure(f"{path}: No such file or directory")
        if "text" not in node:
            raise Failure(f"{path}: Is a directory")
        return str(node["text"])

    def names_in(self, path: str, ns: str = "init") -> list[str]:
        node = self.node(path, ns)
        if node is None:
            raise Failure(f"{path}: No such file or directory")
        fs, inside = self.locate(path, ns)
        start = f"{inside.rstrip('/')}/"
        return sorted(
            p.removeprefix(start)
            for p in self.nodes(fs)
            if p.startswith(start) and "/" not in p[len(start) :] and p != start
        )

    def may_write(self, path: str) -> None:
        fs, inside = self.locate(path)
        if fs == BASE and inside.startswith(("/system/", "/apex/")):
            if inside.startswith("/apex/") or not self.d["system_rw"]:
                raise Failure(f"{path}: Read-only file system")
        if not self.root and not path.startswith(("/data/local/tmp/", "/sdcard/")):
            raise Failure(f"{path}: Permission denied")

    def write(self, path: str, text: str | None) -> None:
        """A file, or (None) a folder."""
        self.may_write(path)
        fs, inside = self.locate(path)
        parent = inside.rstrip("/").rpartition("/")[0] or "/"
        if parent not in self.nodes(fs):
            raise Failure(f"{path}: No such file or directory")
        owner = "root:root" if self.root else "shell:shell"
        fresh = {"mode": "600", "owner": owner, "context": "u:object_r:unlabeled:s0"}
        old = self.nodes(fs).get(inside, fresh)
        self.nodes(fs)[inside] = {**old, **({"text": text} if text is not None else {})}

    def remove(self, path: str) -> None:
        self.may_write(path)
        fs, inside = self.locate(path)
        del self.nodes(fs)[inside]

    def _only_root(self, path: str) -> None:
        if not self.root:
            raise Failure(f"{path}: Permission denied")


@contextmanager
def opened(file: Path) -> Iterator[Phone]:
    """The device of this file, nobody else's meanwhile; written back however the command ends."""
    with file.open("r+", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        text = handle.read()
        phone = Phone(json.loads(text))
        try:
            yield phone
        finally:
            fresh = json.dumps(phone.d)
            if fresh != text:
                handle.seek(0)
                handle.truncate()
                handle.write(fresh)
