"""Bundles of roots."""

from pathlib import Path

import certifi
import pytest
from tests.certificates import bench, pem

from pinprobe.x509 import Roots

PKI = bench().pki


def test_the_bundle_that_mitmproxy_brings_is_read_without_a_warning() -> None:
    """Some of its roots have serial numbers over which cryptography warns, and warnings are errors here."""
    roots = Roots.from_pem(Path(certifi.where()).read_bytes(), public=True)
    assert roots.public
    assert len(roots) > 100


def test_without_a_file_it_is_that_bundle(tmp_path: Path) -> None:
    web = Roots.read(None)
    assert (web.public, len(web)) == (True, len(Roots.from_pem(Path(certifi.where()).read_bytes(), public=True)))
    lab = tmp_path / "lab.pem"
    lab.write_bytes(pem(PKI.root.certificate))
    assert (Roots.read(lab).public, len(Roots.read(lab))) == (False, 1)
    with pytest.raises(FileNotFoundError):
        Roots.read(tmp_path / "missing.pem")


def test_a_bundle_with_words_between_the_certificates() -> None:
    text = b"# one\n" + pem(PKI.root.certificate) + b"\n# two\n" + pem(PKI.other_root.certificate)
    roots = Roots.from_pem(text, public=False)
    assert len(roots) == 2
    assert PKI.root.certificate in roots
    assert PKI.intermediate_a.certificate not in roots
    assert roots.named(PKI.other_root.certificate.subject) == [PKI.other_root.certificate]


def test_an_odd_one_is_left_out() -> None:
    odd = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    assert len(Roots.from_pem(odd + pem(PKI.root.certificate), public=False)) == 1


@pytest.mark.parametrize(
    "text", [b"", b"no PEM here", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_file_without_certificates_is_an_error(text: bytes) -> None:
    with pytest.raises(ValueError, match="no certificate in PEM form"):
        Roots.from_pem(text, public=False)


def test_nothing_else_is_in_it() -> None:
    assert "a name" not in Roots([], public=False)
