"""What a report says that the app's hosts served: what pins are chosen from. Pure.

It is the same whether it comes from a report that was just made or from a report.json.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from typing import Any

from pinprobe.advice import Chain, Served, pin_in
from pinprobe.report.careful import NoReport, check_version, list_in, text_in
from pinprobe.report.json_chain import chain_in, seconds_in
from pinprobe.report.model import EndpointReport, Owner, Report
from pinprobe.report.owners import owner_word

CDN = "cdn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedHosts:
    """All hosts of one report."""

    made_s: float
    """When the journal ended, in whole seconds, as a report.json says it."""
    own: tuple[str, ...]
    """Backup pins that were named."""
    served: tuple[Served, ...]
    """By urgency; a host once for each port."""
    first_party: tuple[str, ...]
    """The developer's own hosts, by the patterns that were given."""
    guessed: tuple[str, ...] = ()
    """Those that the package's name suggests, where no patterns were given: for a person to confirm."""


def served_of(report: Report) -> ServedHosts:
    """From a report."""
    return ServedHosts(
        made_s=float(floor(report.ended_s)),
        own=report.session.backup_pins,
        served=tuple(map(served_by_endpoint, report.endpoints)),
        first_party=_hosts((e.judgement.endpoint.host, e.owner.first_party) for e in report.endpoints),
        guessed=_hosts((e.judgement.endpoint.host, e.owner.first_party_guessed) for e in report.endpoints),
    )


def served_by_endpoint(endpoint: EndpointReport) -> Served:
    """What one endpoint served."""
    latest = Chain(certificates=endpoint.server_chain, root=endpoint.server_root)
    return Served(
        host=endpoint.judgement.endpoint.host,
        domain=endpoint.owner.registrable_domain,
        chains=_chains((latest, *endpoint.other_chains)),
        others=_others(endpoint.owner),
    )


def served_in(document: Any) -> ServedHosts:
    """From a report's JSON form, which may hold anything. Raises NoReport for what is none."""
    check_version(document)
    try:
        return _served_in(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise NoReport(f"not a pinprobe report: {error!r:.200}") from error
    except ValueError as error:
        raise NoReport(f"not a pinprobe report: {error}") from error


def _served_in(document: Any) -> ServedHosts:
    endpoints = list_in(document["endpoints"])
    return ServedHosts(
        made_s=seconds_in(document["session"]["ended_at"]),
        own=tuple(pin_in(text_in(pin)) for pin in list_in(document["session"].get("backup_pins", []))),
        served=tuple(map(_endpoint_in, endpoints)),
        first_party=_hosts((text_in(e["endpoint"]["host"]), e["owner"]["first_party"] is True) for e in endpoints),
        guessed=_hosts((e["endpoint"]["host"], e["owner"].get("first_party_guessed") is True) for e in endpoints),
    )


def _endpoint_in(one: Any) -> Served:
    owner = one["owner"]
    others = [chain_in(chain["certificates"], chain["root"]) for chain in list_in(one.get("other_chains", []))]
    return Served(
        host=text_in(one["endpoint"]["host"]),
        domain=text_in(owner["registrable_domain"]),
        chains=_chains((chain_in(one["server_chain"], one.get("server_root")), *others)),
        others=_others(
            Owner(
                registrable_domain="",
                category=_text_or_none(owner["category"]),
                vendor=_text_or_none(owner["vendor"]),
                first_party=owner["first_party"] is True,
                device=owner["device"] is True,
                first_party_guessed=owner.get("first_party_guessed") is True,
                devices_own=owner.get("devices_own") is True,
            )
        ),
    )


def _others(owner: Owner) -> str:
    """Somebody else, or a CDN, whose certificates are nobody's to promise."""
    if owner.category == CDN:
        return "CDN"
    return "" if owner.first_party or owner.first_party_guessed else owner_word(owner)


def _chains(chains: tuple[Chain, ...]) -> tuple[Chain, ...]:
    return tuple(chain for chain in chains if chain.certificates)


def _hosts(hosts: Iterable[tuple[str, bool]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(host for host, first_party in hosts if first_party))


def _text_or_none(value: Any) -> str | None:
    return None if value is None else text_in(value)
