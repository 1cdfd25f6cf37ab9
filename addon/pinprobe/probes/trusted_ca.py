"""Normal interception."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer

TRUSTED_CA = CertificatePlan(
    id="trusted_ca",
    title="normal interception",
    shows="mitmproxy's own leaf, for the right host, issued by the CA that the user installed.",
    passing_means="A client that passes this accepts the certificate authority that the user installed.",
    family=Family.INTERCEPTION,
    issuer=Issuer.PROXY_CA,
)
