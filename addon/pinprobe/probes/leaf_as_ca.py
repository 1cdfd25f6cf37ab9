"""Issued by a certificate that may not issue."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer

LEAF_AS_CA = CertificatePlan(
    id="leaf_as_ca",
    title="issued by a leaf certificate",
    shows="A leaf for the right host, issued by another host's leaf, which the trusted CA issued (CA:FALSE).",
    passing_means="A client that passes this lets every owner of a certificate issue for every host.",
    family=Family.BAD_CERTIFICATE,
    issuer=Issuer.LEAF,
    nobody_should_accept=True,
)
