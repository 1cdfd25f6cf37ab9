"""Which certificate an attempt is shown: one plan per file, as data, and PROBES, the table. Pure."""

from pinprobe.probes.plan import CertificatePlan, Issuer
from pinprobe.probes.relay import RELAY
from pinprobe.probes.trusted_ca import TRUSTED_CA
from pinprobe.probes.unknown_ca import UNKNOWN_CA

__all__ = ["PROBES", "RELAY", "TRUSTED_CA", "UNKNOWN_CA", "CertificatePlan", "Issuer"]

PROBES: tuple[CertificatePlan, ...] = (TRUSTED_CA, RELAY, UNKNOWN_CA)
