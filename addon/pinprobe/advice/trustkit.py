"""TrustKit on Android: the same file as the platform's, with an element that makes TrustKit enforce it."""

from collections.abc import Sequence

from pinprobe.advice import nsc
from pinprobe.advice.pinset import PinSet
from pinprobe.advice.wording import xml_comment

HOW = (
    "res/xml/network_security_config.xml, for TrustKit: TrustKit.initializeWithNetworkSecurityConfiguration(context), and "
    "its SSLSocketFactory and TrustManager in every client. Without the element trustkit-config it only reports."
)
ONE_PIN = "TrustKit refuses to enforce fewer than two pins, and there is no backup for {names}: name one first."
ENFORCED = '<trustkit-config enforcePinning="true" disableDefaultReportUri="true"></trustkit-config>'


def render(sets: Sequence[PinSet]) -> str:
    """The whole file; an element for each domain, since TrustKit reads one from each."""
    return nsc.document(HOW, [line for pins in sets for line in _configs(pins)])


def _configs(pins: PinSet) -> list[str]:
    if len(pins.issuers) + len(pins.backups) < 2:
        return xml_comment(ONE_PIN.format(names=", ".join(domain.name for domain in pins.domains)), "    ")
    return [line for domain in pins.domains for line in nsc.domain_config(pins, [domain], ENFORCED)]
