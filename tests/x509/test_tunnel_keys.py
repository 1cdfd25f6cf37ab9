"""WireGuard's keys, held against WireGuard's own program."""

from __future__ import annotations

import base64
import shutil
import subprocess

import pytest

from pinprobe.x509.tunnel_keys import new_private, public_half


def test_it_is_wireguards_own_answer() -> None:
    if shutil.which("wg") is None:
        pytest.skip("wireguard-tools is not here: apt-get install wireguard-tools")
    for _ in range(3):
        key = new_private()
        said = subprocess.run(["wg", "pubkey"], input=key, capture_output=True, text=True, check=True).stdout
        assert public_half(key) == said.strip()


@pytest.mark.parametrize("text", ["", "c2hvcnQ=", "!", base64.b64encode(bytes(31)).decode()])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(ValueError):
        public_half(text)
