"""Not meant for servers."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Purpose

WRONG_PURPOSE = CertificatePlan(
    id="wrong_purpose",
    title="not for servers",
    shows="A trusted leaf whose extended key usage is client authentication alone.",
    passing_means="A client that passes this takes a client's certificate for a server's.",
    family=Family.BAD_CERTIFICATE,
    issuer=Issuer.PROXY_CA,
    purpose=Purpose.CLIENT,
    nobody_should_accept=True,
)
