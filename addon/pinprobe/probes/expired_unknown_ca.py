"""Expired and untrusted at once."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Validity

EXPIRED_UNKNOWN_CA = CertificatePlan(
    id="expired_unknown_ca",
    title="expired, of a CA that nobody trusts",
    shows="A leaf that ended more than five years ago, issued by a CA made for this session.",
    passing_means=(
        "A client that passes this does not validate certificates. Refused otherwise than expired, it shows that "
        "the proxy's CA is trusted."
    ),
    family=Family.CONTRAST,
    issuer=Issuer.UNKNOWN_CA,
    validity=Validity.LONG_AGO,
    nobody_should_accept=True,
)
