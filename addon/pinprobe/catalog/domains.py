"""Registrable domains, by the Public Suffix List that mitmproxy brings."""

from functools import cache
from typing import Any


def registrable_domain(host: str) -> str:
    """The public suffix plus one label, by the Public Suffix List that mitmproxy brings; else the last two labels."""
    if ":" in host or host.replace(".", "").isdigit():
        return host
    labels = host.split(".")
    suffix = _public_suffix(host)
    return ".".join(labels[-(suffix.count(".") + 2) :])


def _public_suffix(host: str) -> str:
    psl = _public_suffix_list()
    return (psl.get_tld(host) if psl is not None else None) or host.rpartition(".")[2]


@cache
def _public_suffix_list() -> Any:
    try:
        import publicsuffix2
    except ImportError:  # not a dependency of ours: a mitmproxy without it costs precision, no more
        return None
    return publicsuffix2.PublicSuffixList()
