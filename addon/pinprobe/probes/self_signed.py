"""Signed by itself."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Key

SELF_SIGNED = CertificatePlan(
    id="self_signed",
    title="self-signed",
    shows="A leaf for the right host that its own key signed.",
    passing_means="A client that passes this accepts a certificate that anybody can make.",
    family=Family.BAD_CERTIFICATE,
    issuer=Issuer.ITSELF,
    key=Key.OWN,
    nobody_should_accept=True,
)
