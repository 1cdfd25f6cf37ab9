"""A key that can be broken."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Key

WEAK_KEY = CertificatePlan(
    id="weak_key",
    title="RSA with 1024 bits",
    shows="A trusted leaf whose RSA key has 1024 bits.",
    passing_means="A client that passes this accepts keys that can be broken.",
    family=Family.BAD_CERTIFICATE,
    issuer=Issuer.PROXY_CA,
    key=Key.WEAK,
    nobody_should_accept=True,
)
