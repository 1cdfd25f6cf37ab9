"""Chains whose words want out of the snippets."""

from __future__ import annotations

from dataclasses import replace

from tests.advice.made import ISSUING, LEAF, ROOT, advised, chain, served
from tests.report.samples import HOSTILE

from pinprobe.advice import PinSet

WORDS = {
    **HOSTILE,
    "end of comment": "--> <evil/> <!--",
    "hyphens": "-" * 60 + ">",
    "code comment": "*/ evil() /*\n evil()\u2028evil()\revil()",
    "string": '"; evil(); "${evil()}\\',
    "cdata": "]]></pin><evil/>",
}


def poisoned(text: str) -> tuple[PinSet, ...]:
    """A pin set where every certificate is called so."""
    issuing, root = replace(ISSUING, subject=text or "CN=x", issuer=text), replace(ROOT, subject=text, issuer=text)
    leaf = replace(LEAF, issuer=text or "CN=x")
    hosts = ("api.example.com", "www.example.com")
    return advised(*(served(host, chain(leaf, issuing, root=root)) for host in hosts)).sets
