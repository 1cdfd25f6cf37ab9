"""The control: relayed untouched."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer

RELAY = CertificatePlan(
    id="relay",
    title="the control: relayed untouched",
    shows="The real server's chain: every byte is passed on as it came.",
    passing_means="A client that passes this works when nobody intercepts.",
    family=Family.CONTROL,
    issuer=Issuer.SERVER,
)
