"""Our chain with the genuine one after it."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Stuffing

STUFFED_CHAIN = CertificatePlan(
    id="stuffed_chain",
    title="genuine certificates appended",
    shows="mitmproxy's own leaf and CA, followed by the server's genuine certificates, which prove nothing here.",
    passing_means=(
        "A client that passes this, but refuses trusted_ca, looks for its pin in what was sent instead of in what "
        "was verified (CVE-2016-2402): its pin can be bypassed."
    ),
    family=Family.STUFFED,
    issuer=Issuer.PROXY_CA,
    stuffing=Stuffing.LAST,
)
