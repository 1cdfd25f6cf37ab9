"""Devices as they come."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.android.fake_adb.phone import BASE, Json

APIS = (23, 28, 30, 33, 34, 36)
RELEASES = {23: "6.0", 28: "9", 30: "11", 33: "13", 34: "14", 36: "16"}
SYSTEM_DIR = "/system/etc/security/cacerts"
APEX_DIR = "/apex/com.android.conscrypt/cacerts"
CONTEXT = "u:object_r:system_file:s0"
PACKAGE = "com.example.app"
SERIAL = "emulator-5554"


def package(**facts: Any) -> Json:
    """An app; `clients` are the stand-in's jobs that it runs, `trusts_user` whether it heeds the user store."""
    usual = {"uid": 10123, "version": "1.2.3", "target": 34, "debuggable": False, "launcher": True, "crashes": False}
    return {**usual, "clients": [], "trusts_user": False, "data": "kept", **facts}


def phone(
    folder: Path,
    api: int = 34,
    *,
    serial: str = SERIAL,
    root: bool = True,
    emulator: bool = True,
    state: str = "device",
    writable_system: bool = True,
    roots: Sequence[str] = ("world root\n",),
    packages: Mapping[str, Json] | None = None,
) -> Path:
    """Connect one more device; returns its file. `root=False` of an emulator is an image with the Play store."""
    files: Json = {}

    def put(path: str, text: str | None = None, owner: str = "root:root") -> None:
        mode = "755" if text is None else "644"
        files[path] = {"mode": mode, "owner": owner, "context": CONTEXT, **({"text": text} if text is not None else {})}

    for path in ("/", "/data", "/data/local", "/data/local/tmp", "/sdcard", "/sdcard/Download", "/data/misc"):
        put(path, owner="system:system")
    for path in ("/data/misc/user", "/data/misc/user/0", "/system", "/system/etc", "/system/etc/security", SYSTEM_DIR):
        put(path)
    stores = [SYSTEM_DIR]
    if api >= 34:
        for path in ("/apex", "/apex/com.android.conscrypt", APEX_DIR):
            put(path)
        stores.append(APEX_DIR)
    for store in stores:
        for number, text in enumerate(roots):
            put(f"{store}/{number:08x}.0", text)
    zygotes = ["zygote64"] if api >= 34 and emulator else ["zygote64", "zygote"]
    processes: Json = {"1": {"name": "init", "parent": 0, "ns": "init"}}
    for number, name in enumerate(zygotes):
        processes[str(300 + number)] = {"name": name, "parent": 1, "ns": name}
    processes["900"] = {"name": "com.android.systemui", "parent": 300, "ns": "p900"}
    processes["901"] = {"name": "com.android.phone", "parent": 300, "ns": "p901"}
    document = {
        "api": api,
        "root": False,
        "root_allowed": root,
        "writable_system": writable_system,
        "system_rw": False,
        "serial": serial,
        "state": state,
        "emulator": emulator,
        "props": {
            "ro.build.version.sdk": str(api),
            "ro.build.version.release": RELEASES.get(api, "?"),
            "ro.product.model": "sdk_gphone64_x86_64" if emulator else "Pixel 7",
            "ro.debuggable": "1" if root else "0",
            "ro.boot.qemu" if api >= 31 else "ro.kernel.qemu": "1" if emulator else "",
            "sys.boot_completed": "1",
        },
        "settings": {"airplane_mode_on": "0", "private_dns_mode": "opportunistic"},
        "reverse": {},
        "files": {BASE: files},
        "mounts": {name: [] for name in ("init", *zygotes, "p900", "p901")},
        "processes": processes,
        "packages": {PACKAGE: package()} if packages is None else dict(packages),
        "log": [],
        "appops": {},
        "tunnels": [],
        "restarting": False,
        "next": 1000,
    }
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{serial.replace(':', '_')}.phone.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file
