"""The device's programs, as far as pinprobe calls them. Arguments that are not expected fail as a usage error does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from tests.android.fake_adb import app, files
from tests.android.fake_adb.phone import Failure, Phone

Run = Callable[[Phone, list[str]], str]


class Program(NamedTuple):
    """One of them."""

    run: Run
    since: int = 1
    """API level from which it is on the device."""


def usage(words: list[str]) -> Failure:
    return Failure(f"usage error: {words}", 64)


def echo(_: Phone, words: list[str]) -> str:
    return " ".join(words) + "\n"


def identity(phone: Phone, words: list[str]) -> str:
    if words:
        raise usage(words)
    return "uid=0(root) gid=0(root)\n" if phone.root else "uid=2000(shell) gid=2000(shell)\n"


def getprop(phone: Phone, words: list[str]) -> str:
    (name,) = words
    return f"{phone.d['props'].get(name, '')}\n"


def settings(phone: Phone, words: list[str]) -> str:
    table = phone.d["settings"]
    match words:
        case ["get", "global", key]:
            return f"{table.get(key, 'null')}\n"
        case ["list", "global"]:
            return "".join(f"{key}={value}\n" for key, value in sorted(table.items()))
        case ["put", "global", key, value]:
            table[key] = value
            if key == "http_proxy":
                # ConnectivityService takes the old setting over into the three new ones.
                host, _, port = value.partition(":")
                table["global_http_proxy_host"] = host
                table["global_http_proxy_port"] = port or "0"
                table["global_http_proxy_exclusion_list"] = ""
            return ""
        case ["delete", "global", key]:
            return f"Deleted {1 if table.pop(key, None) is not None else 0} rows\n"
    raise usage(words)


def ps(phone: Phone, words: list[str]) -> str:
    rows = phone.d["processes"].items()
    if phone.api >= 26:
        if words != ["-A", "-o", "PID,PPID,NAME"]:
            raise usage(words)
        text = "  PID  PPID NAME\n" + "".join(f"{pid:>5} {p['parent']:>5} {p['name']}\n" for pid, p in rows)
    else:
        if words:
            return "USER      PID   PPID  VSIZE  RSS   WCHAN              PC  NAME\n"  # a name that it looks for
        text = "USER      PID   PPID  VSIZE  RSS   WCHAN              PC  NAME\n" + "".join(
            f"u0_a1     {pid:<5} {p['parent']:<5} 1000   200   ffffffff 00000000 S {p['name']}\n" for pid, p in rows
        )
    app.after_ps(phone)
    return text


def pm(phone: Phone, words: list[str]) -> str:
    packages = phone.d["packages"]
    match words:
        case ["path", name] if name in packages:
            return f"package:/data/app/{name}/base.apk\n"
        case ["path", _]:
            raise Failure("", 1)
        case ["clear", name] if name in packages:
            app.end(phone, name)
            packages[name]["data"] = "cleared"
            return "Success\n"
        case ["clear", _]:
            return "Failed\n"
    raise usage(words)


def dumpsys(phone: Phone, words: list[str]) -> str:
    match words:
        case ["package", name]:
            facts = phone.d["packages"].get(name)
            if facts is None:
                return f"Unable to find package: {name}\n"
            flags = "[ DEBUGGABLE HAS_CODE ]" if facts["debuggable"] else "[ HAS_CODE ALLOW_BACKUP ]"
            key = "appId" if phone.api >= 33 else "userId"
            return (
                "Packages:\n  Package [com.other] (1):\n    userId=10001\n"
                f"  Package [{name}] (abc123):\n    {key}={facts['uid']}\n"
                f"    versionCode=7 minSdk=21 targetSdk={facts['target']}\n    versionName={facts['version']}\n"
                f"    pkgFlags={flags}\n"
            )
    raise usage(words)


def am(phone: Phone, words: list[str]) -> str:
    match words:
        case ["force-stop", name]:
            app.end(phone, name)
            return ""
        case ["broadcast", "-a", action, "-n", _, "-e", "tunnel", name]:
            tunnels = phone.d.setdefault("tunnels", [])
            if action.endswith(".SET_TUNNEL_UP") and name not in tunnels:
                tunnels.append(name)
            if action.endswith(".SET_TUNNEL_DOWN") and name in tunnels:
                tunnels.remove(name)
            return f"Broadcasting: Intent {{ act={action} }}\nBroadcast completed: result=0\n"
    raise usage(words)


def appops(phone: Phone, words: list[str]) -> str:
    modes = phone.d.setdefault("appops", {})
    match words:
        case ["get", name, operation]:
            mode = modes.get(f"{name} {operation}")
            return f"{operation}: {mode}\n" if mode else "No operations.\nDefault mode: ignore\n"
        case ["set", name, operation, "default"]:
            modes.pop(f"{name} {operation}", None)
            return ""
        case ["set", name, operation, mode]:
            modes[f"{name} {operation}"] = mode
            return ""
    raise usage(words)


def monkey(phone: Phone, words: list[str]) -> str:
    match words:
        case ["-p", name, "-c", "android.intent.category.LAUNCHER", "1"]:
            facts = phone.d["packages"].get(name)
            if facts is None or not facts["launcher"]:
                raise Failure("** No activities found to run, monkey aborted.", 252)
            app.start(phone, name)
            return "Events injected: 1\n"
        case ["-p", name, "--throttle", pause, "--pct-syskeys", "0", "-s", _, count]:
            time.sleep(int(pause) * int(count) / 1000)
            return f"Events injected: {count}\n"
    raise usage(words)


COMMANDS: dict[str, Program] = {
    "echo": Program(echo),
    "id": Program(identity),
    "getprop": Program(getprop),
    "settings": Program(settings),
    "ps": Program(ps),
    "pm": Program(pm),
    "dumpsys": Program(dumpsys),
    "am": Program(am),
    "appops": Program(appops),
    "monkey": Program(monkey),
    "test": Program(files.exists),
    "cat": Program(files.cat),
    "ls": Program(files.ls),
    "grep": Program(files.grep),
    "cp": Program(files.cp),
    "mkdir": Program(files.mkdir),
    "rm": Program(files.rm),
    "rmdir": Program(files.rmdir),
    "chmod": Program(files.changes("mode")),
    "chown": Program(files.changes("owner")),
    "chcon": Program(files.changes("context")),
    "restorecon": Program(files.restorecon),
    "mount": Program(files.mount),
    "umount": Program(files.umount),
    "nsenter": Program(files.nsenter, since=26),
}
