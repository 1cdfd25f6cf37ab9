"""A CA that nobody trusts."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer

UNKNOWN_CA = CertificatePlan(
    id="unknown_ca",
    title="a CA that nobody trusts",
    shows="mitmproxy's own leaf, issued by a CA made for this session.",
    passing_means="A client that passes this does not validate certificates.",
    family=Family.CONTRAST,
    issuer=Issuer.UNKNOWN_CA,
    nobody_should_accept=True,
)
