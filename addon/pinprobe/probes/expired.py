"""Long expired."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Validity

EXPIRED = CertificatePlan(
    id="expired",
    title="expired",
    shows="A trusted leaf that ended more than five years ago.",
    passing_means="A client that passes this does not look at the end of validity: stolen keys stay good for ever.",
    family=Family.BAD_CERTIFICATE,
    issuer=Issuer.PROXY_CA,
    validity=Validity.LONG_AGO,
    nobody_should_accept=True,
)
