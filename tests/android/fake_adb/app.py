"""An app: a process of the device, and on this computer real TLS clients that trust what its stores hold, and go through
the proxy that the device is set to."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

from tests.android.fake_adb.phone import Failure, Json, Phone

ZYGOTE = "zygote64"
USER_DIR = "/data/misc/user/0/cacerts-added"
SYSTEM_DIR = "/system/etc/security/cacerts"
APEX_DIR = "/apex/com.android.conscrypt/cacerts"
CLOSED_PORT = "127.0.0.1:9"


def start(phone: Phone, name: str) -> None:
    """As a tap on the icon: a running app only comes to the front."""
    if any(process["name"] == name for process in phone.d["processes"].values()):
        return
    facts = phone.d["packages"][name]
    parent = next(int(pid) for pid, process in phone.d["processes"].items() if process["name"] == ZYGOTE)
    pid = str(phone.new_number())
    ns = f"p{pid}"
    phone.d["mounts"][ns] = [{**m, "id": phone.new_number()} for m in phone.d["mounts"][ZYGOTE]]
    process: Json = {"name": name, "parent": parent, "ns": ns, "hosts": []}
    if facts["crashes"]:
        process["listed"] = 0
    phone.d["processes"][pid] = process
    if facts["clients"] and not facts["crashes"]:
        process["hosts"] = [_client(phone, name, ns, one) for one in facts["clients"]]


def end(phone: Phone, name: str) -> None:
    for pid, process in list(phone.d["processes"].items()):
        if process["name"].partition(":")[0] == name:
            for host_pid in process.get("hosts", []):
                with suppress(ProcessLookupError):
                    os.killpg(host_pid, signal.SIGKILL)
            del phone.d["processes"][pid]
            del phone.d["mounts"][process["ns"]]


def after_ps(phone: Phone) -> None:
    """An app that crashes is seen once, and then no more."""
    for pid, process in list(phone.d["processes"].items()):
        if "listed" in process:
            process["listed"] -= 1
            if process["listed"] < 0:
                del phone.d["processes"][pid]
                del phone.d["mounts"][process["ns"]]


def trusted(phone: Phone, ns: str, trusts_user: bool) -> str:
    """What Conscrypt in this process believes: the APEX's folder from Android 14 on, else the system's."""
    folders = [APEX_DIR if phone.api >= 34 else SYSTEM_DIR] + ([USER_DIR] if trusts_user else [])
    found = []
    for folder in folders:
        fs, inside = phone.locate(folder, ns)
        start_of = f"{inside.rstrip('/')}/"
        found += [
            str(node["text"]) for path, node in phone.nodes(fs).items() if path.startswith(start_of) and "text" in node
        ]
    return "".join(found)


def proxy_of(phone: Phone) -> str:
    """Where the device's proxy setting leads on this computer."""
    host, _, port = phone.d["settings"].get("http_proxy", ":0").partition(":")
    if host == "10.0.2.2" and phone.d["emulator"]:
        return f"127.0.0.1:{port}"
    if host == "127.0.0.1" and f"tcp:{port}" in phone.d["reverse"]:
        return f"127.0.0.1:{phone.d['reverse'][f'tcp:{port}'].removeprefix('tcp:')}"
    return CLOSED_PORT


def _client(phone: Phone, name: str, ns: str, one: Json) -> int:
    # Imported only here: the other calls need not wait for it.
    import subprocess

    from standin.clients import CLIENTS, Job
    from standin.clients.base import SCRIPTS

    folder = Path(os.environ["FAKE_ADB"])
    trust = folder / f"{name}-{ns}.trust.pem"
    trust.write_text(trusted(phone, ns, phone.d["packages"][name]["trusts_user"]), encoding="utf-8")
    job = Job(proxy=proxy_of(phone), trust=trust, **one["job"])
    log = (folder / f"{name}-{ns}-{job.host}.said").open("w", encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    process = subprocess.Popen(
        CLIENTS[one["client"]].command(job),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        env={**environment, "PYTHONPATH": str(SCRIPTS)},
    )
    if process.poll() is not None:
        raise Failure(f"{name}: its client did not start")
    process.returncode = 0  # it outlives this program, and nobody waits for it here
    return process.pid
