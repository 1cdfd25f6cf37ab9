"""Which certificate an attempt is shown: one plan per file, as data, and PROBES, the table. Pure."""

from pinprobe.probes.expired import EXPIRED
from pinprobe.probes.expired_unknown_ca import EXPIRED_UNKNOWN_CA
from pinprobe.probes.leaf_as_ca import LEAF_AS_CA
from pinprobe.probes.mimic_genuine import MIMIC_GENUINE
from pinprobe.probes.not_yet_valid import NOT_YET_VALID
from pinprobe.probes.plan import (
    CertificatePlan,
    Family,
    Issuer,
    Key,
    Model,
    Names,
    Purpose,
    Relation,
    Signature,
    Stuffing,
    Validity,
)
from pinprobe.probes.relay import RELAY
from pinprobe.probes.relay_delayed import RELAY_DELAYED
from pinprobe.probes.replay_foreign import REPLAY_FOREIGN
from pinprobe.probes.replay_genuine import REPLAY_GENUINE
from pinprobe.probes.replay_sibling import REPLAY_SIBLING
from pinprobe.probes.self_signed import SELF_SIGNED
from pinprobe.probes.sha1_signature import SHA1_SIGNATURE
from pinprobe.probes.stuffed_chain import STUFFED_CHAIN
from pinprobe.probes.stuffed_chain_first import STUFFED_CHAIN_FIRST
from pinprobe.probes.trusted_ca import TRUSTED_CA
from pinprobe.probes.unknown_ca import UNKNOWN_CA
from pinprobe.probes.weak_key import WEAK_KEY
from pinprobe.probes.wrong_host import WRONG_HOST
from pinprobe.probes.wrong_purpose import WRONG_PURPOSE

__all__ = [
    "BY_ID",
    "EXPIRED",
    "EXPIRED_UNKNOWN_CA",
    "LEAF_AS_CA",
    "MIMIC_GENUINE",
    "NOT_YET_VALID",
    "PROBES",
    "RELAY",
    "RELAY_DELAYED",
    "REPLAY_FOREIGN",
    "REPLAY_GENUINE",
    "REPLAY_SIBLING",
    "SELF_SIGNED",
    "SHA1_SIGNATURE",
    "STANDARD",
    "STUFFED_CHAIN",
    "STUFFED_CHAIN_FIRST",
    "TRUSTED_CA",
    "UNKNOWN_CA",
    "WEAK_KEY",
    "WRONG_HOST",
    "WRONG_PURPOSE",
    "CertificatePlan",
    "Family",
    "Issuer",
    "Key",
    "Model",
    "Names",
    "Purpose",
    "Relation",
    "Signature",
    "Stuffing",
    "Validity",
]

PROBES: tuple[CertificatePlan, ...] = (
    TRUSTED_CA,
    RELAY,
    RELAY_DELAYED,
    UNKNOWN_CA,
    MIMIC_GENUINE,
    EXPIRED_UNKNOWN_CA,
    REPLAY_GENUINE,
    REPLAY_SIBLING,
    REPLAY_FOREIGN,
    STUFFED_CHAIN,
    STUFFED_CHAIN_FIRST,
    SELF_SIGNED,
    WRONG_HOST,
    EXPIRED,
    NOT_YET_VALID,
    LEAF_AS_CA,
    WEAK_KEY,
    WRONG_PURPOSE,
    SHA1_SIGNATURE,
)
BY_ID: dict[str, CertificatePlan] = {plan.id: plan for plan in PROBES}

STANDARD: tuple[CertificatePlan, ...] = (SELF_SIGNED, UNKNOWN_CA, WRONG_HOST, EXPIRED, STUFFED_CHAIN)
"""What `pinprobe_probes=standard` asks for."""
