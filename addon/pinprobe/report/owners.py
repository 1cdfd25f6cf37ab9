"""Whose hosts they are, and what the app does at each owner's. Pure."""

from dataclasses import dataclass

from pinprobe.evidence import DECLARED_STANDINGS
from pinprobe.report.faces import Face, counted
from pinprobe.report.model import EndpointReport, Owner
from pinprobe.report.owning import SHARED

FIRST_PARTY = "first party"
GUESSED = "first party (a guess)"
APART = "the device's own"
"""All that is its operating system's, its maker's or Play services', together."""
UNKNOWN = "unknown owner"
DEVICE = "the device itself"
"""Hosts that were seen only while the app was not running."""
_CATEGORIES = {"os": "operating system", "google-play-services": "Google Play services", "cdn": "CDN"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One owner's endpoints."""

    owner: str
    endpoints: int
    faces: tuple[tuple[Face, int], ...]
    """Those that occur."""
    declared: int = 0
    """Endpoints for which the app's package declares pins."""


def owner_word(owner: Owner) -> str:
    """The device's own, first party, else the vendor, else what the catalog says of the host."""
    if owner.device:
        return DEVICE
    if owner.first_party:
        return FIRST_PARTY
    if owner.first_party_guessed:
        return GUESSED
    if owner.category in {"os", "google-play-services"}:
        return _CATEGORIES[owner.category]
    if owner.vendor:
        return owner.vendor
    return _CATEGORIES.get(owner.category or "", owner.category or UNKNOWN)


def owner_line(owner: Owner) -> str:
    """All that is known of whose host it is: who, of which kind, under which domain."""
    word = owner_word(owner)
    kind = _CATEGORIES.get(owner.category or "", owner.category or "")
    said = [word, *([kind] if kind not in {"", word} else [])]
    if owner.category in SHARED:
        said.append("a platform that carries anybody's data")
    if owner.devices_own and word != DEVICE:
        said.append("the device's own traffic")
    return ", ".join([*said, owner.registrable_domain])


def coverage(endpoints: tuple[EndpointReport, ...]) -> list[Coverage]:
    """By owner: first party first, unknown later, the others by number of endpoints; the device's own last, in one."""
    by_owner: dict[str, list[EndpointReport]] = {}
    for endpoint in endpoints:
        owner = APART if endpoint.owner.devices_own else owner_word(endpoint.owner)
        by_owner.setdefault(owner, []).append(endpoint)
    rows = [
        Coverage(
            owner=owner,
            endpoints=len(owned),
            faces=tuple((face, number) for face, number in counted(tuple(owned)) if number),
            declared=sum(one.declared is not None and one.declared.standing in DECLARED_STANDINGS for one in owned),
        )
        for owner, owned in by_owner.items()
    ]
    first, last = (FIRST_PARTY, GUESSED), (UNKNOWN, APART)
    rows.sort(
        key=lambda row: (
            first.index(row.owner) if row.owner in first else len(first),
            last.index(row.owner) + 1 if row.owner in last else 0,
            -row.endpoints,
            row.owner,
        )
    )
    return rows
