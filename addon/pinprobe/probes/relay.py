"""The control: relayed untouched."""

from pinprobe.probes.plan import CertificatePlan, Issuer

RELAY = CertificatePlan(
    id="relay",
    title="the control: relayed untouched",
    issuer=Issuer.SERVER,
    passing_means="A client that passes this works when nobody intercepts.",
)
