"""Runs the proxy as its own child, and ends it when the pipe on standard input closes: so it never outlives `pinprobe
run`, however that ends, and still writes its report.

python -m pinprobe.running.lifeline mitmdump ARGUMENTS...
"""

import os
import signal
import subprocess
import sys
import threading

STOP_S = 40.0
"""The proxy writes its last report in this time; then it is killed."""


def main(command: list[str]) -> int:
    """Returns the child's exit code."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    over = threading.Event()

    def wait_for_the_end() -> None:
        # Not through sys.stdin, whose lock would be held while the interpreter ends.
        while os.read(0, 4096):
            pass
        over.set()
        child.send_signal(signal.SIGINT)

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: child.send_signal(signal.SIGINT))
    while True:
        try:
            return child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            if over.is_set():
                child.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
