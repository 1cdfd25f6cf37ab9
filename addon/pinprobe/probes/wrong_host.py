"""Another host's certificate."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Names

WRONG_HOST = CertificatePlan(
    id="wrong_host",
    title="another host's name",
    shows="A trusted leaf for another host.",
    passing_means="A client that passes this does not compare host names: any certificate of any site will do.",
    family=Family.BAD_CERTIFICATE,
    issuer=Issuer.PROXY_CA,
    names=Names.WRONG,
    nobody_should_accept=True,
)
