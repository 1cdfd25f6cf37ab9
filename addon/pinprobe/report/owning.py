"""Whose traffic an endpoint's is: the device's own, or the developer's, as far as a package's name tells. Pure."""

from collections.abc import Iterable

from pinprobe.events import HostKnown
from pinprobe.evidence import EndpointEvidence, Evidence
from pinprobe.signals import idle_only

DEVICES_OWN = frozenset({"os", "oem", "pki", "google-play-services"})
"""Categories of hosts that devices speak to whatever app runs; an app's totals leave them out."""
PUSH, PUSH_PORTS = "push", range(5228, 5231)
"""Google Play services hold one connection for the pushes of all apps, at these ports (FCM)."""
SHARED = frozenset({"backend", "cdn"})
"""Platforms that carry anybody's data: neither the developer's nor a third party's."""
HOSTERS = frozenset({"github.com", "gitlab.com", "bitbucket.org", "sourceforge.net"})
"""Packages are named after accounts there."""
SECOND_LEVELS = frozenset({"ac", "co", "com", "edu", "gov", "gob", "go", "ne", "net", "or", "org"})
"""Under a country's top level, the name comes third, as in uk.co.example."""
GENERIC = frozenset({"android", "app", "apps", "client", "company", "debug", "dev", "mobile", "release", "test"})
"""What many packages have where a name should be."""
LEAST_NAME = 3
"""Characters: shorter names meet by chance."""


def devices_own(evidence: Evidence, about: EndpointEvidence, *, first_party: bool) -> bool:
    """Whether it is the operating system's, its maker's or Play services' traffic, by host or by when it was seen."""
    if first_party:
        return False
    if idle_only(evidence, about) or (about.checks.total and not about.contacts.total):
        return True
    known = evidence.hosts.get(about.endpoint.host)
    category = known.category if known is not None else None
    return category in DEVICES_OWN or (category == PUSH and about.endpoint.port in PUSH_PORTS)


def guessed_domain(evidence: Evidence, app_id: str) -> str | None:
    """The registrable domain that is most tied to the package's name, of those the app was seen at; None for no guess.

    com.example.shop: example.com if it was seen, else example under another suffix. Nothing is guessed where the user
    named the developer's hosts.
    """
    if evidence.session is None or evidence.session.first_party:
        return None
    declared = evidence.declared.get(app_id)
    labels = [_plain(label) for label in (declared.package if declared is not None else app_id).split(".")]
    if len(labels) < 2:
        return None
    seen = [known for about in evidence.of_app(app_id) if (known := evidence.hosts.get(about.endpoint.host))]
    domains = _counted(one for one in seen if one.category not in SHARED and one.registrable_domain not in HOSTERS)
    tied = [domain for domain in domains if _reversed(domain) == labels[: domain.count(".") + 1]]
    if not tied:
        name = labels[2] if len(labels) > 2 and labels[1] in SECOND_LEVELS and len(labels[0]) == 2 else labels[1]
        if len(name) < LEAST_NAME or name in GENERIC:
            return None
        known_to_others = {one.registrable_domain for one in seen if one.category is not None}
        tied = [d for d in domains if _plain(d.partition(".")[0]) == name and d not in known_to_others]
    return max(tied, key=lambda domain: (domains[domain], -len(domain), domain), default=None)


def _counted(known: Iterable[HostKnown]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in known:
        if "." in one.registrable_domain and not one.registrable_domain.replace(".", "").isdigit():
            counts[one.registrable_domain] = counts.get(one.registrable_domain, 0) + 1
    return counts


def _reversed(domain: str) -> list[str]:
    return [_plain(label) for label in reversed(domain.split("."))]


def _plain(label: str) -> str:
    """Without what packages and hosts write differently."""
    return label.lower().replace("-", "").replace("_", "")
