"""adb's own part: its arguments, its words, and its exit codes."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from tests.android.fake_adb import shell
from tests.android.fake_adb.phone import Failure, Phone, opened
from tests.android.fake_adb.shell import Output

VERSION = (
    "Android Debug Bridge version 1.0.41\nVersion 29.0.6-debian\nInstalled as /usr/lib/android-sdk/platform-tools/adb\n"
)
UNAUTHORIZED = (
    "device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\nTry 'adb kill-server' if that seems wrong.\n"
    "Otherwise check for a confirmation dialog on your device."
)
SHELL_V2_FROM = 24
"""API level from which `adb shell` has an exit code, two outputs, and no terminal in between."""


class Error(Exception):
    """adb itself fails."""


def main() -> int:
    answer = respond(sys.argv[1:], Path(os.environ["FAKE_ADB"]))
    sys.stdout.write(answer.out)
    sys.stderr.write(answer.err)
    return answer.code


def respond(arguments: list[str], folder: Path) -> Output:
    """One call of the program."""
    lost = _faults(folder, arguments)
    files = [] if lost else sorted(folder.glob("*.phone.json"))
    wanted: str | None = None
    if arguments[:1] == ["-s"]:
        wanted, arguments = arguments[1], arguments[2:]
    try:
        match arguments:
            case ["version"]:
                return Output(out=VERSION)
            case ["devices", "-l"]:
                return Output(out=_list(files))
            case [command, *rest] if command in COMMANDS:
                return _with_device(files, wanted, command, rest)
        return Output(code=1, err=f"adb: unknown command {' '.join(arguments)}\n")
    except Error as error:
        return Output(code=1, err=f"{error}\n")


def _faults(folder: Path, arguments: list[str]) -> bool:
    """Count the call; whether the device is gone by now."""
    with (folder / "calls.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(arguments) + "\n")
    file = folder / "faults.json"
    if not file.exists():
        return False
    faults = json.loads(file.read_text(encoding="utf-8"))
    time.sleep(faults.get("slow_s", 0))
    if "lost_after" not in faults:
        return False
    faults["lost_after"] -= 1
    file.write_text(json.dumps(faults), encoding="utf-8")
    return bool(faults["lost_after"] < 0)


def _list(files: list[Path]) -> str:
    rows = ""
    for file in files:
        with opened(file) as phone:
            about = f"product:sdk model:{phone.d['props']['ro.product.model']} device:x transport_id:1"
            rows += f"{phone.d['serial']:<22} {phone.d['state']}{' ' + about if phone.d['state'] == 'device' else ''}\n"
    return f"List of devices attached\n{rows}\n"


def _with_device(files: list[Path], wanted: str | None, command: str, rest: list[str]) -> Output:
    lead = {"root": "adb: unable to connect for root: ", "unroot": "adb: unable to connect for unroot: "}
    lead |= {"remount": "adb: unable to connect for remount: ", "push": "adb: error: failed to get feature set: "}
    before = lead.get(command, "error: ")
    if wanted is None and len(files) > 1:
        raise Error(f"{before}more than one device/emulator")
    found = [file for file in files if wanted in (None, json.loads(file.read_text(encoding="utf-8"))["serial"])]
    if not found:
        raise Error(f"{before}{'no devices/emulators found' if wanted is None else f'device {wanted!r} not found'}")
    with opened(found[0]) as phone:
        if phone.d["state"] != "device":
            raise Error(f"{before}{UNAUTHORIZED if phone.d['state'] == 'unauthorized' else 'device offline'}")
        return COMMANDS[command](phone, rest)


def _shell(phone: Phone, rest: list[str]) -> Output:
    if phone.d["restarting"]:
        phone.d["restarting"] = False
        raise Error("error: closed")
    output = shell.run(phone, " ".join(rest))
    if phone.api < SHELL_V2_FROM:
        merged = (output.out + output.err) if not output.out.rstrip().endswith("]") else _err_first(output)
        return Output(code=0, out=merged.replace("\n", "\r\n"))
    return output


def _err_first(output: Output) -> str:
    """Both outputs are one stream; the last line was printed last."""
    *lines, last = output.out.splitlines(keepends=True)
    return "".join(lines) + output.err + last


def _root(phone: Phone, rest: list[str]) -> Output:
    if phone.root:
        return Output(out="adbd is already running as root\n")
    if not phone.d["root_allowed"]:
        return Output(out="adbd cannot run as root in production builds\n", code=0 if phone.api < 30 else 1)
    _restart(phone, root=True)
    return Output(out="restarting adbd as root\n")


def _unroot(phone: Phone, rest: list[str]) -> Output:
    if not phone.root:
        return Output(out="adbd not running as root\n")
    _restart(phone, root=False)
    return Output(out="restarting adbd as non root\n")


def _restart(phone: Phone, *, root: bool) -> None:
    phone.d["root"] = root
    phone.d["reverse"] = {}
    phone.d["restarting"] = True


def _remount(phone: Phone, rest: list[str]) -> Output:
    if not phone.root:
        return Output(code=1, err='Not running as root. Try "adb root" first.\n')
    if not phone.d["writable_system"]:
        return Output(code=1, out="remount of the / superblock failed: Permission denied\nremount failed\n")
    phone.d["system_rw"] = True
    return Output(out="remount succeeded\n")


def _push(phone: Phone, rest: list[str]) -> Output:
    source, target = rest
    try:
        phone.write(target, Path(source).read_text(encoding="utf-8"))
    except Failure as failure:
        return Output(code=1, err=f"adb: error: failed to copy '{source}' to '{target}': remote {failure}\n")
    return Output(out=f"{source}: 1 file pushed, 0 skipped.\n")


def _reverse(phone: Phone, rest: list[str]) -> Output:
    table = phone.d["reverse"]
    match rest:
        case ["--list"]:
            return Output(out="".join(f"UsbFfs {there} {here}\n" for there, here in table.items()))
        case ["--remove", there] if there in table:
            del table[there]
            return Output()
        case ["--remove", there]:
            raise Error(f"adb: error: listener '{there}' not found")
        case [there, here]:
            table[there] = here
            return Output(out=f"{there.removeprefix('tcp:')}\n")
    raise Error(f"adb: usage: reverse {rest}")


def _reboot(phone: Phone, rest: list[str]) -> Output:
    """What only lives in memory is gone."""
    phone.d["mounts"] = {ns: [] for ns in phone.d["mounts"]}
    phone.d["files"] = {fs: nodes for fs, nodes in phone.d["files"].items() if not fs.startswith("tmpfs")}
    phone.d["system_rw"] = False
    _restart(phone, root=False)
    return Output()


COMMANDS = {
    "shell": _shell,
    "root": _root,
    "unroot": _unroot,
    "remount": _remount,
    "push": _push,
    "reverse": _reverse,
    "reboot": _reboot,
}

if __name__ == "__main__":
    sys.exit(main())
