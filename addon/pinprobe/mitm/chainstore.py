"""Genuine chains of this session and of the user's files, by id: what can be replayed, and why the rest cannot."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from pinprobe import x509
from pinprobe.config import ConfigError, Settings
from pinprobe.events import Certificate, ReplayChainKnown
from pinprobe.mitm.clock import now_s
from pinprobe.thresholds import REPLAY_CHAINS_KEPT

Chain = tuple[x509.X509, ...]
CHAIN_FOLLOWED = 10
"""Certificates of a chain whose root is looked for; servers send two to four, and each one more may be verified."""
ENDINGS = frozenset({".pem", ".crt", ".cer"})
"""Of the files in a folder of chains."""


def chain_id(chain: Chain) -> str:
    """A short name for these very bytes."""
    return hashlib.sha256(b"".join(map(x509.der, chain))).hexdigest()[:16]


class ChainStore:
    """Remembers chains and judges whether they may be replayed."""

    def __init__(self, public_roots: Path | None) -> None:
        self._public_roots = public_roots
        self._chains: dict[str, Chain] = {}

    @cached_property
    def roots(self) -> x509.Roots:
        """What plain devices trust. Raises OSError or ValueError for a file that is none."""
        return x509.Roots.read(self._public_roots)

    def get(self, id: str | None) -> Chain:
        """The chain of this id; empty where it is not known."""
        return self._chains.get(id or "", ())

    def add(self, id: str, chain: Chain, host: str, source: str) -> ReplayChainKnown | None:
        """Remember a chain; the fact about it, the first time."""
        if id in self._chains or len(self._chains) >= REPLAY_CHAINS_KEPT:
            return None
        if why := x509.oddity(chain) or _too_long(chain):
            self._chains[id] = ()
            return _of_no_use(id, chain, host, source, why)
        self._chains[id] = chain
        now = datetime.now(UTC)
        reason, own = x509.why_not(chain, self.roots, now), x509.why_not(chain, self.roots, now, own=True)
        untrusted = reason is not None and reason.unfit in {x509.Unfit.NOT_TRUSTED, x509.Unfit.INCOMPLETE}
        return ReplayChainKnown(
            at_s=now_s(),
            chain_id=id,
            host=host,
            source=source,
            leaf_pin=x509.facts(chain[0]).pin_sha256,
            issuer_pin=x509.issuing_pin(chain, self.roots),
            marks=tuple(sorted(_short(mark) for mark in x509.marks(chain, self.roots))),
            public=not untrusted if reason is None or untrusted else None,
            refused_because=reason.text if reason else "",
            own_refused_because=own.text if own else "",
        )

    def root_of(self, chain: Chain) -> Certificate | None:
        """The trusted root that a chain ends in; None where it is not known, or was sent along."""
        if _too_long(chain):
            return None
        whole = x509.completed(chain, self.roots)
        return x509.facts(whole[-1]) if len(whole) > len(chain) else None

    def from_files(self, path: Path) -> Iterator[ReplayChainKnown]:
        """The chains of a file, or of a folder's PEM files. Raises OSError or ValueError, naming the file."""
        for file, chains in _files(path):
            for chain in chains:
                host = min(x509.names(chain[0]), default=file.stem)
                if fact := self.add(chain_id(chain), chain, host, "file"):
                    yield fact


def check_files(settings: Settings) -> None:
    """Read what the user named, before anything begins. Raises ConfigError, naming the option and the file."""
    for option, path, read in (
        ("pinprobe_public_roots", settings.public_roots, lambda: ChainStore(settings.public_roots).roots),
        ("pinprobe_replay_chains", settings.replay_chains, lambda: list(_files(settings.replay_chains))),
    ):
        if path is not None:
            try:
                read()
            except (OSError, ValueError) as error:
                raise ConfigError(f"{option}={path}: {error}") from None


def _files(path: Path | None) -> Iterator[tuple[Path, list[Chain]]]:
    if path is None:
        return
    for file in sorted(p for p in path.iterdir() if p.suffix in ENDINGS) if path.is_dir() else [path]:
        try:
            yield file, x509.chains_in_pem(file.read_bytes())
        except ValueError as error:
            raise ValueError(f"{file}: no certificate chain in PEM form: {error}") from error


def _too_long(chain: Chain) -> str:
    return f"it has {len(chain)} certificates, more than {CHAIN_FOLLOWED}" if len(chain) > CHAIN_FOLLOWED else ""


def _of_no_use(id: str, chain: Chain, host: str, source: str, why: str) -> ReplayChainKnown:
    """Of a chain that nothing is built on: without marks it is related to none."""
    return ReplayChainKnown(
        at_s=now_s(),
        chain_id=id,
        host=host,
        source=source,
        leaf_pin=x509.facts(chain[0]).pin_sha256,
        issuer_pin=None,
        marks=(),
        public=None,
        refused_because=why,
        own_refused_because=why,
    )


def _short(mark: str) -> str:
    return hashlib.sha256(mark.encode()).hexdigest()[:12]
