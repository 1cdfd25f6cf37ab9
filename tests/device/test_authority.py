"""The proxy's CA as it lies on disk, and fingerprints of what comes back from a device."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.device.authority import CERTIFICATE, fingerprint, read_authority
from pinprobe.device.errors import DeviceError
from standin.proxy import make_ca


def test_mitmproxys_own(tmp_path: Path) -> None:
    pem = make_ca(tmp_path).read_text()
    authority = read_authority(tmp_path)
    assert authority.subject_hash == "c8750f0d"
    assert authority.pem == pem
    assert fingerprint(pem) == fingerprint(f"text above it, as in Android's own files\n{pem}") == authority.sha256


def test_none_yet_and_something_else(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="first start"):
        read_authority(tmp_path)
    for content in ("", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        (tmp_path / CERTIFICATE).write_text(content)
        with pytest.raises(DeviceError, match="is no certificate"):
            read_authority(tmp_path)


@given(st.text())
def test_what_is_no_certificate_has_no_fingerprint(text: str) -> None:
    assert fingerprint(text) is None


def test_a_torn_certificate(tmp_path: Path) -> None:
    pem = make_ca(tmp_path).read_text()
    assert fingerprint(pem[:-30]) is None
    assert fingerprint("-----BEGIN CERTIFICATE-----\n=\n-----END CERTIFICATE-----") is None
