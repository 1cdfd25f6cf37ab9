"""A CA that nobody trusts."""

from pinprobe.probes.plan import CertificatePlan, Issuer

UNKNOWN_CA = CertificatePlan(
    id="unknown_ca",
    title="a CA that nobody trusts",
    issuer=Issuer.UNKNOWN_CA,
    passing_means="A client that passes this does not validate certificates.",
)
