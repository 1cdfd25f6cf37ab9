"""The process behind `Forge`: imports mitmproxy and pinprobe once, and becomes a mitmdump each time it is asked to.

A request is one message on stdin, which is a socket: arguments and environment as JSON, and two descriptors, for all that
mitmdump prints and for its process id and exit status. Nothing runs before the fork: no thread, no loop, no session.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
from typing import Any, NoReturn

REQUEST_BYTES = 1 << 18


def main() -> None:
    for name in ("mitmproxy.tools.main", "mitmproxy.tools.dump", "pinprobe.mitm"):
        importlib.import_module(name)
    from mitmproxy.tools import main as tools

    ours = os.environ.pop("PYTHONPATH", "").split(os.pathsep)
    sys.path[:] = [folder for folder in sys.path if folder and folder not in ours]
    gc.freeze()  # the collector of a child would copy every page it looks at
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked = socket.socket(fileno=os.dup(0))
    while True:
        message, descriptors, _, _ = socket.recv_fds(asked, REQUEST_BYTES, 2)
        if not message:
            return
        if os.fork() == 0:
            wanted = json.loads(message)
            if _waits_for(*descriptors):
                _become(wanted, descriptors[0])
                sys.exit(tools.mitmdump(wanted["arguments"]))
        for one in descriptors:
            os.close(one)


def _waits_for(printed: int, status: int) -> bool:
    """True in the child that is to become a mitmdump; its parent waits for it, tells how it ended, and ends as well."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        return True
    os.close(printed)
    os.write(status, f"{child}\n".encode())
    _, ended = os.waitpid(child, 0)
    os.write(status, f"{os.waitstatus_to_exitcode(ended)}\n".encode())
    _end()


def _end() -> NoReturn:
    os._exit(0)


def _become(wanted: dict[str, Any], printed: int) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, null), (1, printed), (2, printed)):
        os.dup2(source, target)
    os.closerange(3, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") < 1 << 16 else 1 << 16)
    os.environ.clear()
    os.environ.update(wanted["environment"])
    sys.argv = [wanted["program"], *wanted["arguments"]]
    signal.signal(signal.SIGINT, signal.default_int_handler)


if __name__ == "__main__":
    main()
