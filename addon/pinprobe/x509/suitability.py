"""May a genuine chain be shown without its key? Only if plain devices accept it: else a refusal means nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from pinprobe.x509.facts import LONGEST_NAME
from pinprobe.x509.keyless import CURVES
from pinprobe.x509.oddity import oddity
from pinprobe.x509.paths import Path, path_of
from pinprobe.x509.roots import Roots

LEAST_RSA_BITS = 2048


class Unfit(StrEnum):
    """Why a chain is of no use as a replay."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    KEY = "key"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    MUST_STAPLE = "must_staple"
    INCOMPLETE = "incomplete"
    NOT_TRUSTED = "not_trusted"
    NO_SCTS = "no_scts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a chain is refused."""

    unfit: Unfit
    text: str


def why_not(chain: tuple[x509.Certificate, ...], roots: Roots, now: datetime, *, own: bool = False) -> Reason | None:
    """Why this chain may not be replayed; None if it may.

    `own` is for the genuine control: a host's own chain need not be publicly trusted, since an app that has its own
    trust store accepts it; whether this client does is what the control tells.
    """
    if not chain:
        return Reason(unfit=Unfit.EMPTY, text="there is no certificate in it")
    if why := oddity(chain):
        return Reason(unfit=Unfit.UNREADABLE, text=why)
    checks = CHECKS if own else (*CHECKS, *PUBLIC_CHECKS)
    path = path_of(chain, roots)
    return next((reason for check in checks for reason in check(path, roots, now)), None)


Check = Callable[[Path, Roots, datetime], Iterable[Reason]]


def _key(path: Path, roots: Roots, now: datetime) -> Iterator[Reason]:
    public = path.certificates[0].public_key()
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size < LEAST_RSA_BITS:
            yield Reason(unfit=Unfit.KEY, text=f"its RSA key has {public.key_size} bits, fewer than {LEAST_RSA_BITS}")
    elif not (isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in CURVES):
        yield Reason(unfit=Unfit.KEY, text="its key is neither RSA nor on P-256 or P-384")


def _dates(path: Path, roots: Roots, now: datetime) -> Iterator[Reason]:
    for one in path.certificates:
        if one == path.root:
            continue  # a sent root, which clients take from their own store
        if now > one.not_valid_after_utc:
            text = f"{_named(one)} expired on {one.not_valid_after_utc:%Y-%m-%d}"
            yield Reason(unfit=Unfit.EXPIRED, text=text)
        if now < one.not_valid_before_utc:
            text = f"{_named(one)} is not valid before {one.not_valid_before_utc:%Y-%m-%d}"
            yield Reason(unfit=Unfit.NOT_YET_VALID, text=text)


def _must_staple(path: Path, roots: Roots, now: datetime) -> Iterator[Reason]:
    if _has(path.certificates[0], x509.TLSFeature):
        text = "it must come with a stapled OCSP answer (must-staple), which nobody here can give"
        yield Reason(unfit=Unfit.MUST_STAPLE, text=text)


def _trust(path: Path, roots: Roots, now: datetime) -> Iterator[Reason]:
    if path.root is not None:
        return
    last = path.certificates[-1]
    if last.subject == last.issuer:
        text = f"it ends in {_named(last)}, which is not among the {len(roots)} trusted roots"
        yield Reason(unfit=Unfit.NOT_TRUSTED, text=text)
    else:
        text = f"the issuer of {_named(last)} was neither sent nor is it among the {len(roots)} trusted roots"
        yield Reason(unfit=Unfit.INCOMPLETE, text=text)


def _scts(path: Path, roots: Roots, now: datetime) -> Iterator[Reason]:
    if roots.public and not _has(path.certificates[0], x509.PrecertificateSignedCertificateTimestamps):
        text = "it has no embedded proof of Certificate Transparency (SCTs), which clients may ask for"
        yield Reason(unfit=Unfit.NO_SCTS, text=text)


CHECKS: tuple[Check, ...] = (_key, _dates, _must_staple)
PUBLIC_CHECKS: tuple[Check, ...] = (_trust, _scts)


def _has(certificate: x509.Certificate, kind: type[x509.ExtensionType]) -> bool:
    try:
        certificate.extensions.get_extension_for_class(kind)
    except x509.ExtensionNotFound:
        return False
    return True


def _named(certificate: x509.Certificate) -> str:
    return f"“{certificate.subject.rfc4514_string()[:LONGEST_NAME]}”"
