"""What a request without TLS is for, by its shape or the catalog's word on its host."""

from __future__ import annotations

import pytest

from pinprobe.events import CONNECTIVITY, CONTENT, REVOCATION
from pinprobe.mitm.purpose import purpose_of, tells_apart

CASES: dict[str, tuple[str, str, str | None, str]] = {
    # path, content type, category, purpose
    "a page": ("/", "", None, CONTENT),
    "an API": ("/v1/login?next=/a", "application/json", None, CONTENT),
    "a host of the catalog": ("/v1/login", "application/json", "analytics", CONTENT),
    "OCSP by POST": ("/", "application/ocsp-request", None, REVOCATION),
    "OCSP by POST, in capitals and with a parameter": ("/", "Application/OCSP-Request; v=1", None, REVOCATION),
    "OCSP by GET, of an authority that the catalog knows": ("/MFEwTzBNMEswSTAJ", "", "pki", REVOCATION),
    "a list of revoked certificates": ("/lists/ca1.crl", "", None, REVOCATION),
    "a list, in capitals": ("/Root.CRL", "", None, REVOCATION),
    "a list, with a query": ("/ca1.crl?serial=7", "", None, REVOCATION),
    "an issuer": ("/aia/ca1.crt", "", None, REVOCATION),
    "an issuer, otherwise named": ("/ca1.cer", "", None, REVOCATION),
    "a bundle of issuers": ("/ca1.p7c", "", None, REVOCATION),
    "a list in the query alone": ("/download?file=ca1.crl", "", None, CONTENT),
    "a page about lists": ("/ca1.crl/about", "", None, CONTENT),
    "an answer of OCSP that is sent": ("/", "application/ocsp-response", None, CONTENT),
    "Android's portal check": ("/generate_204", "", None, CONNECTIVITY),
    "Android's other portal check": ("/gen_204", "", None, CONNECTIVITY),
    "a portal check with a query": ("/generate_204?x=1", "", None, CONNECTIVITY),
    "Apple's portal check": ("/hotspot-detect.html", "", None, CONNECTIVITY),
    "Apple's older portal check": ("/library/test/success.html", "", None, CONNECTIVITY),
    "Windows' portal check": ("/connecttest.txt", "", None, CONNECTIVITY),
    "Windows' older portal check": ("/ncsi.txt", "", None, CONNECTIVITY),
    "Firefox's portal check": ("/canonical.html", "", None, CONNECTIVITY),
    "Firefox's older portal check": ("/success.txt", "", None, CONNECTIVITY),
    "a page below a portal check's": ("/generate_204/login", "", None, CONTENT),
    "a page that ends as a portal check": ("/api/generate_204", "", None, CONTENT),
    "an empty path": ("", "", None, CONTENT),
    "only a query": ("?generate_204", "", None, CONTENT),
}


@pytest.mark.parametrize(("path", "content_type", "category", "purpose"), CASES.values(), ids=CASES.keys())
def test_purposes(path: str, content_type: str, category: str | None, purpose: str) -> None:
    assert purpose_of(path, content_type, category) == purpose


TELLING: dict[str, tuple[str, str, bytes, bool]] = {
    # method, path, body, whether it can be recognised
    "a bare look at a host": ("GET", "/", b"", False),
    "a look with a body": ("GET", "/", b"{}", True),
    "a look by another method": ("HEAD", "/", b"", True),
    "something sent to the root": ("POST", "/", b"", True),
    "something with a body sent to the root": ("POST", "/", b"{}", True),
    "a query of the root": ("GET", "/?id=7", b"", True),
    "a page": ("GET", "/v1/login", b"", True),
    "a form": ("POST", "/v1/login", b"user=me", True),
    "Android's portal check": ("GET", "/generate_204", b"", False),
    "Android's portal check with a query": ("GET", "/gen_204?x=1", b"", False),
    "Apple's portal check": ("GET", "/hotspot-detect.html", b"", False),
    "a portal check by another method": ("HEAD", "/generate_204", b"", False),
    "a list of revoked certificates": ("GET", "/ca1.crl", b"", False),
    "an issuer": ("GET", "/aia/ca1.crt", b"", False),
    "a page below a portal check's": ("GET", "/generate_204/login", b"", True),
}


@pytest.mark.parametrize(("method", "path", "body", "telling"), TELLING.values(), ids=TELLING.keys())
def test_what_says_enough_to_be_recognised(method: str, path: str, body: bytes, telling: bool) -> None:
    assert tells_apart(method, path, body) is telling
