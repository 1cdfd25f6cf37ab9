"""When not to pin, or not like this: CAUTIONS, the table. What can be seen is said where it is seen."""

from collections.abc import Callable
from dataclasses import dataclass

from pinprobe.advice.issuers import Issued
from pinprobe.advice.served import Served
from pinprobe.thresholds import LEAF_SHORT_S

DAY_S = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One host that pins are advised for."""

    served: Served
    issued: Issued
    own: frozenset[str]
    """Backups of the developer's own."""
    wide: bool
    """Whether its pins cover names that were not seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """One reason to hesitate."""

    id: str
    when: str
    says: str
    applies: Callable[[Case], bool] | None
    """None for what no traffic shows: a person must answer it."""


def _short_leaf(case: Case) -> bool:
    leaves = [chain.certificates[0] for chain in case.served.chains if chain.certificates]
    return any(leaf.not_after_s - leaf.not_before_s < LEAF_SHORT_S for leaf in leaves)


def _in_use(case: Case) -> bool:
    chains = case.served.chains
    known = [one for chain in chains for one in (*chain.certificates, *([chain.root] if chain.root else []))]
    return any(one.pin_sha256 in case.own for one in known)


CAUTIONS: tuple[Caution, ...] = (
    Caution(
        id="third_party",
        when="the host is somebody else's, or a CDN's",
        says="Do not pin it: its owner changes certificates and CAs without asking you.",
        applies=lambda case: bool(case.served.others),
    ),
    Caution(
        id="rotation",
        when="you do not decide when the certificate is renewed, and by which CA",
        says="Do not pin, since the next change may lock every installed app out.",
        applies=None,
    ),
    Caution(
        id="slow_updates",
        when="the app cannot be updated quickly, or its users cannot be made to update",
        says="Do not pin, since a pin that went wrong is mended by an update alone.",
        applies=None,
    ),
    Caution(
        id="short_leaf",
        when=f"the leaf is valid for less than {LEAF_SHORT_S / DAY_S:g} days",
        says="Never pin the leaf: it is renewed by a machine, often with a new key, and public CAs must come down to 100 "
        "days in March 2027 and 47 in March 2029 (CA/Browser Forum). Pin the intermediate only where the CA announces "
        "its changes; several free ones pick another at any renewal.",
        applies=_short_leaf,
    ),
    Caution(
        id="no_backup",
        when="there is no backup",
        says="Do not ship it: with one pin, one change at the CA is an outage. Name a backup first.",
        applies=lambda case: not case.own and not case.issued.roots,
    ),
    Caution(
        id="stopgap",
        when="the only backup is the CA's root",
        says="It survives a change of the intermediate, not a change of the CA: replace it by a key of your own, kept "
        "offline.",
        applies=lambda case: not case.own and bool(case.issued.roots),
    ),
    Caution(
        id="backup_in_use",
        when="a backup is in the chain that is served now",
        says="It is no backup: what makes the present chain useless makes it useless too. Name a key that no server uses.",
        applies=_in_use,
    ),
    Caution(
        id="several_issuers",
        when="different intermediates were seen",
        says="All that were seen are pinned, and there may be more: ask the CA, or pin its root.",
        applies=lambda case: len(case.issued.issuers) > 1,
    ),
    Caution(
        id="unseen_hosts",
        when="a pin set covers a domain with all names below it",
        says="Names that were not seen are pinned too: make sure that each has a certificate of the same CA, or name the "
        "hosts one by one.",
        applies=lambda case: case.wide,
    ),
)
