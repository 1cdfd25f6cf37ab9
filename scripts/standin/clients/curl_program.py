"""The process behind the `curl` kind: one curl per request, its exit code put into words."""

from __future__ import annotations

import subprocess
import sys
import time

from standin.clients.base import Attempt, Job, answered, failed, refused, tell
from standin.clients.pinning import FALLBACKS, PINS, Place, pins_at

REFUSED = {60: "handshake", 51: "handshake", 83: "handshake", 90: "check"}
FAILED = {5: "proxy", 7: "proxy", 35: "handshake", 28: "timeout"}


def command(job: Job, url: str) -> list[str]:
    """`job.technique` is one of those that hold for a single request: none, pin, anchors, trust-all."""
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
    return [*line, url]


def request(job: Job, url: str) -> Attempt:
    done = subprocess.run(command(job, url), capture_output=True, text=True, check=False)
    code = done.returncode
    status, tunnel, version = [*done.stdout.split(), "", "", ""][:3]
    said = done.stderr.strip() or f"HTTP/{version} {status}"
    if code == 0:
        return answered(said, status=int(status), exit=code)
    if code in REFUSED:
        return refused(REFUSED[code], said, exit=code)
    if tunnel not in {"", "000", "200"}:
        return failed("proxy", f"HTTP {tunnel} to CONNECT", exit=code)
    return failed(FAILED.get(code, "request"), said, exit=code)


def attempt(job: Job, number: int) -> Attempt:
    now = job
    if job.technique in PINS:
        now = job.but(technique="pin" if pins_at(job, number) else "none")
    made = request(now, Place("https", job.host, job.port).url(job.path))
    if job.technique in FALLBACKS and (made.result, made.stage) == ("refused", "check"):
        elsewhere = FALLBACKS[job.technique](job)
        after = request(job.but(technique="none"), elsewhere.url(job.path))
        return made.also(fallback=after.more.get("status", 0))
    return made


def main() -> None:
    job = Job.parse(sys.argv[1:])
    tries = 1 + job.times if job.technique == "storms" else 1
    for number in range(1, job.attempts + 1):
        if number > 1:
            time.sleep(job.pause_s)
        for _ in range(tries):
            made = attempt(job, number)
            tell(made)
            if made.result != "refused":
                break


if __name__ == "__main__":
    main()
