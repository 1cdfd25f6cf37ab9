"""The control, as slow as interception."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer

RELAY_DELAYED = CertificatePlan(
    id="relay_delayed",
    title="the control, held back",
    shows="The real server's chain, passed on untouched after a pause as long as interception takes.",
    passing_means="A client that passes this does not leave merely because it had to wait.",
    family=Family.CONTROL,
    issuer=Issuer.SERVER,
    delayed=True,
)
