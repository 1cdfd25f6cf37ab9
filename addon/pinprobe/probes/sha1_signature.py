"""Signed with SHA-1."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Signature

SHA1_SIGNATURE = CertificatePlan(
    id="sha1_signature",
    title="signed with SHA-1",
    shows="A trusted leaf that its issuer signed with SHA-1.",
    passing_means="A client that passes this accepts signatures that can be forged by collision.",
    family=Family.BAD_CERTIFICATE,
    issuer=Issuer.PROXY_CA,
    signature=Signature.SHA1,
    nobody_should_accept=True,
)
