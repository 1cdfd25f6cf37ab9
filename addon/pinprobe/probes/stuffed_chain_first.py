"""Our chain with the genuine one inside it."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Stuffing

STUFFED_CHAIN_FIRST = CertificatePlan(
    id="stuffed_chain_first",
    title="genuine certificates put before our CA",
    shows="mitmproxy's own leaf, then the server's genuine certificates, then mitmproxy's CA.",
    passing_means="As for stuffed_chain; this one deceives pinners that look at the issuer's place in what was sent.",
    family=Family.STUFFED,
    issuer=Issuer.PROXY_CA,
    stuffing=Stuffing.AFTER_LEAF,
)
