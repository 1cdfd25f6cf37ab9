"""Normal interception."""

from pinprobe.probes.plan import CertificatePlan, Issuer

TRUSTED_CA = CertificatePlan(
    id="trusted_ca",
    title="normal interception",
    issuer=Issuer.PROXY_CA,
    passing_means="A client that passes this accepts the certificate authority that the user installed.",
)
