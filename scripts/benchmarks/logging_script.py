"""What a careful beginner would write: three hooks, a line in a file for each. A script for `mitmdump -s`.

The benchmark measures it beside pinprobe, to say how much of the cost comes with being an addon at all. The file is
named in PINPROBE_BENCH_LOG.
"""

import json
import os
import time

from mitmproxy import http, tls

_file = open(os.environ["PINPROBE_BENCH_LOG"], "a", encoding="utf-8")  # closed in `done`


def _log(event: str, **fields: object) -> None:
    _file.write(json.dumps({"at_s": time.time(), "event": event, **fields}) + "\n")
    _file.flush()


def tls_established_client(data: tls.TlsData) -> None:
    _log("established", connection=data.conn.id, sni=data.conn.sni, tls_version=data.conn.tls_version)


def tls_failed_client(data: tls.TlsData) -> None:
    _log("failed", connection=data.conn.id, sni=data.conn.sni, error=data.conn.error)


def request(flow: http.HTTPFlow) -> None:
    _log("request", connection=flow.client_conn.id, host=flow.request.pretty_host)


def done() -> None:
    _file.close()
