"""The device's programs about files and mounts."""

from __future__ import annotations

from collections.abc import Callable

from tests.android.fake_adb.phone import Failure, Phone

USER_CONTEXT = "u:object_r:misc_user_data_file:s0"


def _usage(words: list[str]) -> Failure:
    return Failure(f"usage error: {words}", 64)


def exists(phone: Phone, words: list[str]) -> str:
    flag, path = words
    if flag != "-e":
        raise _usage(words)
    try:
        there = phone.node(path) is not None
    except Failure:
        there = False
    if not there:
        raise Failure("")
    return ""


def cat(phone: Phone, words: list[str]) -> str:
    (path,) = words
    return phone.read(path)


def ls(phone: Phone, words: list[str]) -> str:
    (path,) = words
    return "".join(f"{name}\n" for name in phone.names_in(path))


def grep(phone: Phone, words: list[str]) -> str:
    text, *paths = words
    found = ""
    for path in paths:
        try:
            found += "".join(f"{path}:{line}\n" for line in phone.read(path).splitlines() if text in line)
        except Failure:
            continue
    if not found:
        raise Failure("")
    return found


def cp(phone: Phone, words: list[str]) -> str:
    *sources, target = words
    if not sources:
        raise _usage(words)
    node = phone.node(target)
    into_folder = node is not None and "text" not in node
    if len(sources) > 1 and not into_folder:
        raise Failure(f"{target}: not a directory")
    for source in sources:
        phone.write(f"{target}/{source.rpartition('/')[2]}" if into_folder else target, phone.read(source))
    return ""


def mkdir(phone: Phone, words: list[str]) -> str:
    match words:
        case ["-p", path]:
            if phone.node(path) is None:
                phone.write(path, None)
        case ["-m", mode, path]:
            if phone.node(path) is not None:
                raise Failure(f"{path}: File exists")
            phone.write(path, None)
            changes("mode")(phone, [mode, path])
        case _:
            raise _usage(words)
    return ""


def rm(phone: Phone, words: list[str]) -> str:
    flag, path = words
    if flag not in {"-f", "-rf"}:
        raise _usage(words)
    node = phone.node(path)
    if node is not None and "text" not in node:
        if flag == "-f":
            raise Failure(f"{path}: is a directory")
        for name in phone.names_in(path):
            phone.remove(f"{path}/{name}")
    if node is not None:
        phone.remove(path)
    return ""


def rmdir(phone: Phone, words: list[str]) -> str:
    (path,) = words
    path = path.rstrip("/")
    if phone.names_in(path):
        raise Failure(f"{path}: Directory not empty")
    phone.remove(path)
    return ""


def changes(what: str) -> Callable[[Phone, list[str]], str]:
    """chmod, chown and chcon."""

    def change(phone: Phone, words: list[str]) -> str:
        value, *paths = words
        for path in paths:
            phone.may_write(path)
            node = phone.node(path)
            if node is None:
                raise Failure(f"{path}: No such file or directory")
            node[what] = value
        return ""

    return change


def restorecon(phone: Phone, words: list[str]) -> str:
    flag, path = words
    if flag != "-R":
        raise _usage(words)
    return changes("context")(phone, [USER_CONTEXT, path, *(f"{path}/{name}" for name in phone.names_in(path))])


def mount(phone: Phone, words: list[str], ns: str = "init") -> str:
    if not phone.root:
        raise Failure("Operation not permitted")
    match words:
        case ["-t", "tmpfs", source, target]:
            fs = f"tmpfs{phone.new_number()}"
            phone.d["files"][fs] = {"/": {"mode": "1777", "owner": "root:root", "context": "u:object_r:tmpfs:s0"}}
            phone.add_mount(ns, target, source, "tmpfs", fs, "/")
        case ["--bind", source, target]:
            fs, root = phone.locate(source, ns)
            seen = next((m for m in reversed(phone.mounts(ns)) if m["fs"] == fs), None)
            kind, name = (seen["type"], seen["source"]) if seen else ("ext4", "/dev/root")
            phone.add_mount(ns, target, name, kind, fs, root)
        case ["-o", "remount,ro", _] if phone.d.get("busy"):
            raise Failure("'/' not mounted: Device or resource busy")
        case ["-o", "remount,ro", _]:
            phone.d["system_rw"] = False
        case ["-o", "remount,rw", _] if phone.d["writable_system"]:
            phone.d["system_rw"] = True
        case _:
            raise _usage(words)
    return ""


def umount(phone: Phone, words: list[str], ns: str = "init") -> str:
    if not phone.root:
        raise Failure("Operation not permitted")
    match words:
        case ["-l", target] | [target]:
            phone.remove_mount(ns, target)
            return _forget_unused(phone)
    raise _usage(words)


def nsenter(phone: Phone, words: list[str]) -> str:
    if not phone.root:
        raise Failure("Operation not permitted")
    into, dashes, program, *rest = words
    parts = into.split("/")
    if dashes != "--" or not into.startswith("--mount=/proc/") or parts[3:] != ["ns", "mnt"]:
        raise _usage(words)
    ns = phone.namespace_of(parts[2])
    known = {"/bin/mount": mount, "/bin/umount": umount}
    if program not in known:
        raise Failure(f"exec {program}: No such file or directory", 127)
    return known[program](phone, rest, ns)


def _forget_unused(phone: Phone) -> str:
    """A tmpfs that nobody has mounted any more is gone, with its files."""
    used = {m["fs"] for mounts in phone.d["mounts"].values() for m in mounts}
    for fs in [fs for fs in phone.d["files"] if fs.startswith("tmpfs") and fs not in used]:
        del phone.d["files"][fs]
    return ""
