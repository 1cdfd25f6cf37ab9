"""What a person sends is nowhere in what is kept or shown: a secret in every place that a client can put one."""

from __future__ import annotations

import base64
import gzip
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from tests.live.conftest import need
from tests.live.trap import Trap, eventually, trap
from tests.live.world import World, free_port

pytestmark = pytest.mark.live

HOST = "subject.shop.test"
PLACES = (
    "path",
    "query",
    "header",
    "cookie",
    "body",
    "authorization",
    "agent",
    "proxy-user",
    "proxy-password",
    "referer",
)
SECRETS = {place: f"hush/{number}+{place}=of%a?person" for number, place in enumerate(PLACES)}
"""With signs that each encoding writes in its own way."""


def forms(secret: str) -> Iterator[bytes]:
    """As it may have been written: plain, URL-encoded, JSON's and HTML's escapes, base64 at each of its three offsets."""
    plain = secret.encode()
    yield plain
    yield quote(secret, safe="").encode()
    yield quote(secret).encode()
    yield secret.replace("/", "\\/").encode()
    for offset in range(3):
        # What stands before and after changes a few characters at both ends.
        yield base64.b64encode(b"x" * offset + plain)[4:-4]


def ask(t: Trap, world: World, scheme: str, *more: str) -> int:
    url = f"{scheme}://{HOST}/{quote(SECRETS['path'], safe='')}?q={quote(SECRETS['query'], safe='')}"
    proxy = (
        f"http://{quote(SECRETS['proxy-user'], safe='')}:{quote(SECRETS['proxy-password'], safe='')}@{t.proxy.address}"
    )
    command = [
        *("curl", "-sS", "--max-time", "10", "--proxy", proxy, "--cacert", str(world.device(trusts=True).trust), *more),
        *("-H", f"X-Token: {SECRETS['header']}", "-b", f"session={SECRETS['cookie']}", "-A", SECRETS["agent"]),
        *("-H", f"Authorization: Bearer {SECRETS['authorization']}", "-e", f"https://x.test/{SECRETS['referer']}"),
        *("--data-binary", f'{{"known-pins": ["{SECRETS["body"]}"], "hostname": "{HOST}"}}', url),
    ]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_no_secret_is_kept_or_shown(world: World, tmp_path: Path) -> None:
    need("curl")
    port = free_port()
    options = {"pinprobe_live": str(port), "pinprobe_formats": "all", "pinprobe_user_agents": "*Example*=com.example"}
    with trap(world, tmp_path, options=options) as t:
        for _ in range(3):
            assert ask(t, world, "https") == ask(t, world, "https", "--http1.1") == ask(t, world, "http") == 0
        assert ask(t, world, "https", "--cacert", str(world.upstream_trust)) != 0, "a refusal, and what it is told by"
        assert eventually(lambda: HOST in urlopen(f"http://127.0.0.1:{port}/").read().decode())
        shown = urlopen(f"http://127.0.0.1:{port}/").read()
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {"journal.jsonl", "report.html", "report.sarif", "report.csv", "index.html"} <= {path.name for path in kept}
    everything = [
        shown,
        t.output.encode(),
        *kept.values(),
        *(gzip.decompress(b) for b in kept.values() if b[:2] == b"\x1f\x8b"),
    ]
    assert t.endpoint(HOST)["verdict"] in {"unpinned", "inconclusive"}
    for place, secret in SECRETS.items():
        found = [form for form in forms(secret) for text in everything if form in text]
        assert not found, f"{place}: {found}"
    for path in tmp_path.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_the_search_would_find_it() -> None:
    """The test above can fail."""
    for secret in SECRETS.values():
        for wrapped in (secret, quote(secret, safe=""), base64.b64encode(f"ab{secret}yz".encode()).decode()):
            assert any(form in f"…{wrapped}…".encode() for form in forms(secret))
