"""TrustKit on iOS: its dictionary in Info.plist. Any key of the chain may match, so a key of one's own can be a backup."""

from collections.abc import Sequence

from pinprobe.advice.pin import Pin
from pinprobe.advice.pinset import Domain, PinSet
from pinprobe.advice.plist import array, dictionary, document, flag, member, text
from pinprobe.advice.trustkit import ONE_PIN
from pinprobe.advice.wording import pin_words, seen_words, xml_comment

HOW = (
    "Info.plist, for TrustKit: merge this key into the app's own. TSKSwizzleNetworkDelegates puts the check into every "
    "URLSession delegate; without it the app calls the validator itself."
)
END = "From this day on TrustKit checks the pins no longer: ship new ones before."


def render(sets: Sequence[PinSet]) -> str:
    """The whole property list."""
    entries = [_entry(pins, domain) for pins in sets for domain in pins.domains]
    inner = dictionary(
        member("TSKSwizzleNetworkDelegates", flag(True)),
        member("TSKPinnedDomains", dictionary(*entries)),
    )
    return document(xml_comment(HOW, ""), list(dictionary(member("TSKConfiguration", inner))))


def _entry(pins: PinSet, domain: Domain) -> list[str]:
    chosen = (*pins.issuers, *pins.backups)
    if len(chosen) < 2:
        return xml_comment(ONE_PIN.format(names=domain.name), "")
    value = dictionary(
        member("TSKIncludeSubdomains", flag(domain.include_subdomains)),
        member("TSKEnforcePinning", flag(True)),
        [*xml_comment(END, ""), *member("TSKExpirationDate", text(pins.ends_on))],
        member("TSKPublicKeyHashes", array(*map(_hash, chosen))),
    )
    said = xml_comment(seen_words(domain), "") if domain.include_subdomains else []
    return [*said, *member(domain.name, value)]


def _hash(pin: Pin) -> list[str]:
    return [*xml_comment(pin_words(pin), ""), *text(pin.pin_sha256)]
