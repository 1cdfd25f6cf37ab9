"""Whose connections these are, who said so, and what could not be named: as the report tells it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pinprobe.events import UNATTRIBUTED, AttributionChecked
from pinprobe.evidence import Evidence
from pinprobe.findings import Level
from pinprobe.report.folders import APPS, folder_name
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.verdicts import Judgement

OPTION, NONE = "option", "none"
WORDS: Mapping[str, str] = {
    "tunnel": "its own WireGuard tunnel",
    "listener": "its own listener",
    "socket_table": "the device's socket table",
    "client": "the address of its device",
    "user_agent": "user agents",
    OPTION: "the option pinprobe_app",
    NONE: "nobody",
}
"""By source of attribution; one that is newer than this reader stands as it is."""
NAMED = 5
"""Apps named in a sentence; the folder holds them all."""

Said = tuple[str, Level, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherApp:
    """Another app of the same session, which has a report of its own."""

    id: str
    endpoints: int
    folder: str
    """Of its report, relative to the session's."""


def others_of(evidence: Evidence, app_id: str) -> tuple[OtherApp, ...]:
    """The session's other apps, as its own report lists them; what nobody could name is one of them."""
    if evidence.session is None or app_id != home_of(evidence):
        return ()
    counts: dict[str, int] = {}
    for endpoint in evidence.endpoints:
        counts[endpoint.app_id] = counts.get(endpoint.app_id, 0) + 1
    return tuple(
        OtherApp(id=other, endpoints=counts[other], folder=f"{APPS}/{folder_name(other)}")
        for other in sorted(counts)
        if other != app_id
    )


def home_of(evidence: Evidence) -> str:
    """The app whose report the session's own is."""
    return (evidence.session.app_id if evidence.session is not None else None) or UNATTRIBUTED


def beyond_option(counts: Sequence[tuple[str, int]]) -> bool:
    """Whether anything but the option spoke: else there is nothing to tell."""
    return any(source not in {OPTION, NONE} for source, _ in counts)


def in_order_of_trust(by: Mapping[str, int]) -> list[tuple[str, int]]:
    """Counts by source, the most trusted source first; what is not known here comes last."""
    return [(source, by[source]) for source in (*WORDS, *sorted(by.keys() - WORDS.keys())) if source in by]


def told_by(counts: Sequence[tuple[str, int]]) -> str:
    """Sources and how often each spoke, in words."""
    return ", ".join(f"{WORDS.get(source, safe_text(source, 40))} ({count})" for source, count in counts)


def attribution_said(evidence: Evidence, judgements: Sequence[Judgement]) -> Iterator[Said]:
    """What a reader must know of whose connections these are."""
    session = evidence.session
    if session is None:
        return
    app_id = judgements[0].endpoint.app_id if judgements else home_of(evidence)
    by = _sum(evidence, judgements)
    if app_id == UNATTRIBUTED and judgements:
        yield from _nobodys(evidence)
    elif judgements:
        yield from _apps(by)
    if app_id != UNATTRIBUTED:
        yield from _may_be_too(evidence, judgements)
    if app_id == home_of(evidence):
        yield from _apart(evidence, app_id)
        for checked in evidence.attribution.values():
            yield from _checked(checked)
    if agents := _agents(evidence, app_id):
        yield (
            "user_agents",
            Level.NOTE,
            f"User agents of requests that no source named the app of: {agents}. Anybody can say that, and refusals "
            "carry none, so it changes no verdict.",
        )


def _sum(evidence: Evidence, judgements: Sequence[Judgement]) -> dict[str, int]:
    by: dict[str, int] = {}
    for judgement in judgements:
        for source, count in evidence.endpoints[judgement.endpoint].attributed_by.items():
            by[source] = by.get(source, 0) + count
    return dict(in_order_of_trust(by))


def _nobodys(evidence: Evidence) -> Iterator[Said]:
    in_use = any(beyond_option(list(about.attributed_by.items())) for about in evidence.endpoints.values())
    if evidence.session is not None and evidence.session.app_id is None and not in_use:
        yield (
            UNATTRIBUTED,
            Level.NOTE,
            "No app was named (--set pinprobe_app=...): traffic of other apps and of the system may be among these.",
        )
    else:
        yield (
            UNATTRIBUTED,
            Level.NOTE,
            "No app is known for these connections: the sources of attribution in use could not name one. They count for "
            "no app, and more than one may be among them.",
        )


def _apps(by: Mapping[str, int]) -> Iterator[Said]:
    declared, total = by.get(OPTION, 0), sum(by.values())
    if declared == total:
        yield (
            "attribution_declared",
            Level.NOTE,
            "Every connection counts as this app's because it was named by option; another app's traffic through the "
            "same proxy would be too. Hosts of the system and of Play services vouch for nobody.",
        )
        return
    yield "attribution", Level.NOTE, f"Whose attempts these are was told by {told_by(list(by.items()))}."
    if declared:
        yield (
            "attribution_declared",
            Level.WARNING,
            f"{declared} of {total} count as this app's only because it was named by option: they came before a better "
            "source was of use, and may be another app's.",
        )


def _may_be_too(evidence: Evidence, judgements: Sequence[Judgement]) -> Iterator[Said]:
    """Short connections are named least often, and refused ones are short."""
    refused: dict[str, int] = {}
    for judgement in judgements:
        twin = evidence.endpoints.get(replace(judgement.endpoint, app_id=UNATTRIBUTED))
        if twin is not None and (count := sum(stack.refusals for stack in twin.stacks.values())):
            refused[judgement.endpoint.host] = refused.get(judgement.endpoint.host, 0) + count
    if refused:
        hosts = ", ".join(safe_text(host, NAME_LIMIT) for host in sorted(refused)[:NAMED])
        more = f" and {len(refused) - NAMED} more" if len(refused) > NAMED else ""
        yield (
            "unattributed_refusals",
            Level.WARNING,
            f"{sum(refused.values())} refusals at hosts of this app ({hosts}{more}) are unattributed: they may be this "
            "app's too, and count for nothing here.",
        )


def _apart(evidence: Evidence, app_id: str) -> Iterator[Said]:
    others = others_of(evidence, app_id)
    named = [one for one in others if one.id != UNATTRIBUTED]
    if named:
        words = ", ".join(f"{safe_text(one.id, NAME_LIMIT)} ({one.endpoints})" for one in named[:NAMED])
        more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
        yield (
            "other_apps",
            Level.NOTE,
            f"Other apps used the proxy as well, with so many endpoints: {words}{more}. Each has a report of its own, in "
            f"the folder {APPS} beside this one.",
        )
    for one in others:
        if one.id == UNATTRIBUTED:
            yield (
                "unattributed_apart",
                Level.NOTE,
                f"{one.endpoints} endpoint{'' if one.endpoints == 1 else 's'} had connections that no source could name "
                f"the app of. They are listed apart, in {one.folder}, and are nobody's evidence.",
            )


def _checked(checked: AttributionChecked) -> Iterator[Said]:
    what = WORDS.get(checked.source_id, safe_text(checked.source_id, 40))
    if checked.asked and checked.away == checked.asked:
        yield (
            "source_away",
            Level.NOTE,  # on every emulator it is so
            f"Attribution by {what} was of no use: all {checked.asked} connections came from an address that the device "
            "does not have, as behind the emulator's address translation or adb reverse.",
        )
    if checked.failed:
        yield (
            "source_failed",
            Level.WARNING,
            f"Attribution by {what} failed for {checked.failed} of {checked.asked} connections"
            + (f": {safe_text(checked.error, 200)}." if checked.error else "."),
        )
    if checked.late:
        yield (
            "source_late",
            Level.NOTE,
            f"{checked.late} of {checked.asked} answers of {what} came too late to count.",
        )
    if checked.shared:
        yield (
            "source_shared",
            Level.NOTE,
            f"{checked.shared} of {checked.asked} connections belong to a user id that several packages share: they are "
            "called nobody's, and not one package's.",
        )


def _agents(evidence: Evidence, app_id: str) -> str:
    found = [
        (named, count) for (counted, named), count in sorted(evidence.agents.items()) if counted == app_id != named
    ]
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return ", ".join(f"{safe_text(named, NAME_LIMIT)} ({count})" for named, count in found[:NAMED]) + more
