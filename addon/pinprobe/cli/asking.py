"""A server asked for its chain on the command line, in the form in which a report holds one."""

import sys
import time
from pathlib import Path

from pinprobe.advice import Chain, Served
from pinprobe.cli.exits import Exit, Failed
from pinprobe.fetch import FetchError, Place, fetch_chain, pem_of
from pinprobe.report.safe_text import safe_text
from pinprobe.report.served import ServedHosts

UNTRUSTED = "its chain ends in no root that plain devices trust: with pins or without, the app must bring its CA as a trust anchor"


def say(line: str) -> None:
    """A line beside the output."""
    print(f"pinprobe: {line}", file=sys.stderr)


def ask(place: Place, public_roots: Path | None, timeout_s: float) -> ServedHosts:
    """What the server shows now. Raises Failed; warns where plain devices would not trust it."""
    from pinprobe import x509  # reports do without cryptography

    try:
        roots = x509.Roots.read(public_roots)
    except ValueError as error:
        raise Failed(Exit.USAGE, f"{public_roots}: {error}") from error
    say(f"asking {place} for its chain, for at most {timeout_s:g} seconds")
    try:
        sent = x509.chains_in_pem(pem_of(fetch_chain(place, timeout_s)).encode())[0]
    except FetchError as error:
        raise Failed(Exit.UNREADABLE, safe_text(str(error))) from error
    except ValueError as error:
        raise Failed(Exit.UNREADABLE, f"{place}: a certificate cannot be read: {safe_text(str(error))}") from error
    whole = x509.completed(sent, roots)
    root = x509.facts(whole[-1]) if len(whole) > len(sent) else None
    if root is None and not any(one in roots for one in sent):
        say(f"warning: {place}: {UNTRUSTED}")
    names = x509.names(sent[0])
    if place.host not in names and f"*.{place.host.partition('.')[2]}" not in names:
        say(f"warning: {place}: the certificate that it shows is for other names")
    chain = Chain(certificates=tuple(map(x509.facts, sent)), root=root)
    return ServedHosts(
        made_s=time.time(),
        own=(),
        served=(Served(host=place.host, domain=place.host, chains=(chain,)),),
        first_party=(place.host,),
    )
