"""The process behind the `curl` kind: one curl per attempt, its exit code put into words."""

from __future__ import annotations

import subprocess
import sys
import time

from standin.clients.base import Job, say

REFUSED = {60: "handshake", 51: "handshake", 83: "handshake", 90: "check"}
FAILED = {5: "proxy", 7: "proxy", 35: "handshake", 28: "timeout"}


def command(job: Job) -> list[str]:
    anchors = job.anchors if job.technique == "anchors" else job.trust
    line = ["curl", "--silent", "--show-error", "--output", "/dev/null"]
    line += ["--write-out", "%{http_code} %{http_connect} %{http_version}"]
    line += ["--proxy", f"http://{job.proxy}", "--cacert", str(anchors)]
    line += ["--max-time", str(job.timeout_s)]
    line += ["--http2" if job.alpn == "h2" else "--http1.1"]
    if job.tls == "1.2":
        line += ["--tls-max", "1.2"]
    if job.tls == "1.3":
        line += ["--tlsv1.3"]
    if job.technique == "pin":
        line += ["--pinnedpubkey", f"sha256//{job.pin}"]
    if job.technique == "trust-all":
        line += ["--insecure"]
    return [*line, f"https://{job.host}:{job.port}{job.path}"]


def attempt(job: Job) -> None:
    done = subprocess.run(command(job), capture_output=True, text=True, check=False)
    code = done.returncode
    status, tunnel, version = [*done.stdout.split(), "", "", ""][:3]
    said = done.stderr.strip() or f"HTTP/{version} {status}"
    if code == 0:
        say("response", "response", said, status=int(status), exit=code)
    elif code in REFUSED:
        say("refused", REFUSED[code], said, exit=code)
    elif tunnel not in {"", "000", "200"}:
        say("failed", "proxy", f"HTTP {tunnel} to CONNECT", exit=code)
    else:
        say("failed", FAILED.get(code, "request"), said, exit=code)


def main() -> None:
    job = Job.parse(sys.argv[1:])
    for number in range(job.attempts):
        if number:
            time.sleep(job.pause_s)
        attempt(job)


if __name__ == "__main__":
    main()
