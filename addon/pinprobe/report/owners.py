"""Whose hosts they are, and what the app does at each owner's. Pure."""

from dataclasses import dataclass

from pinprobe.report.faces import Face, counted
from pinprobe.report.model import EndpointReport, Owner

FIRST_PARTY = "first party"
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


def owner_word(owner: Owner) -> str:
    """The device's own, first party, else the vendor, else what the catalog says of the host."""
    if owner.device:
        return DEVICE
    if owner.first_party:
        return FIRST_PARTY
    if owner.category in {"os", "google-play-services"}:
        return _CATEGORIES[owner.category]
    if owner.vendor:
        return owner.vendor
    return _CATEGORIES.get(owner.category or "", owner.category or UNKNOWN)


def coverage(endpoints: tuple[EndpointReport, ...]) -> list[Coverage]:
    """By owner: first party first, unknown last, the others by number of endpoints."""
    by_owner: dict[str, list[EndpointReport]] = {}
    for endpoint in endpoints:
        by_owner.setdefault(owner_word(endpoint.owner), []).append(endpoint)
    rows = [
        Coverage(
            owner=owner,
            endpoints=len(owned),
            faces=tuple((face, number) for face, number in counted(tuple(owned)) if number),
        )
        for owner, owned in by_owner.items()
    ]
    rows.sort(key=lambda row: (row.owner != FIRST_PARTY, row.owner == UNKNOWN, -row.endpoints, row.owner))
    return rows
