"""Certificates: names, pins and facts; minting a probe's; judging chains. The only room that imports cryptography."""

from pinprobe.x509.embedded import der_size, embedded
from pinprobe.x509.facts import (
    X509,
    der,
    facts,
    names,
    pin_sha256,
    sha256_hex,
    sha256_with_colons,
)
from pinprobe.x509.keys import Keys, PrivateKey
from pinprobe.x509.material import Material, Minted, Unservable, lacking
from pinprobe.x509.minting import mint
from pinprobe.x509.oddity import oddity
from pinprobe.x509.paths import completed
from pinprobe.x509.pem import chains_in_pem
from pinprobe.x509.relations import issuing_pin, marks, relation
from pinprobe.x509.roots import Roots
from pinprobe.x509.schemes import can_sign
from pinprobe.x509.spare import new_spare_key, pin_of_key
from pinprobe.x509.subject_hash import subject_hash_old
from pinprobe.x509.suitability import Reason, Unfit, why_not

__all__ = [
    "X509",
    "Keys",
    "Material",
    "Minted",
    "PrivateKey",
    "Reason",
    "Roots",
    "Unfit",
    "Unservable",
    "can_sign",
    "chains_in_pem",
    "completed",
    "der",
    "der_size",
    "embedded",
    "facts",
    "issuing_pin",
    "lacking",
    "marks",
    "mint",
    "names",
    "new_spare_key",
    "oddity",
    "pin_of_key",
    "pin_sha256",
    "relation",
    "sha256_hex",
    "sha256_with_colons",
    "subject_hash_old",
    "why_not",
]
