"""Not yet valid."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Validity

NOT_YET_VALID = CertificatePlan(
    id="not_yet_valid",
    title="not yet valid",
    shows="A trusted leaf that begins in five years.",
    passing_means="A client that passes this does not look at the beginning of validity.",
    family=Family.BAD_CERTIFICATE,
    issuer=Issuer.PROXY_CA,
    validity=Validity.LATER,
    nobody_should_accept=True,
)
