"""Report: everything that any format may show about one app, in one session or in several together. Pure.

Every format is rendered from this one object, so all of them carry the same facts. Over 300 lines, so that what a report
holds is read in one place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pinprobe import events as ev
from pinprobe.advice import Chain
from pinprobe.attempts import Attempt, Endpoint, Outcome
from pinprobe.evidence import Declaration, EndpointEvidence, Evidence, declaration_of
from pinprobe.findings import Finding, Judged, Seen, findings_of
from pinprobe.report.attribution import OtherApp, others_of
from pinprobe.report.chains import chains_of
from pinprobe.report.fallbacks import FallbackGroup, FallbackReport, fallbacks_of, groups_of
from pinprobe.report.notices import Notice, notices_of
from pinprobe.report.owning import devices_own, guessed_domain
from pinprobe.report.replays import ReplayReport, replays_of
from pinprobe.report.ruling import Ruling
from pinprobe.report.run_model import EndpointRun, RunReport
from pinprobe.signals import Peers, idle_only, peers_of
from pinprobe.thresholds import EXAMPLES_KEPT
from pinprobe.verdicts import Confidence, Judgement, Verdict, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose host it is, as far as the catalog or the user says."""

    registrable_domain: str
    category: str | None
    """os, google-play-services, analytics, ads, backend, ...; None where the catalog is silent."""
    vendor: str | None
    first_party: bool
    """True where it matches the user's patterns."""
    device: bool = False
    """True where it was seen only while the app was not running."""
    first_party_guessed: bool = False
    """True where the package's name suggests it, and the user named no hosts. Nothing but notes rests on it."""
    devices_own: bool = False
    """True where it is the device's own traffic, which the app's totals leave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternReport:
    """Attempts of one stack that look the same, with a few of them in full."""

    probe_id: str
    outcome: Outcome
    alert: int | None
    tls_version: str | None
    stack: str
    count: int
    first_s: float
    last_s: float
    examples: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointReport:
    """A judgement, and the evidence as it is shown."""

    judgement: Judgement
    owner: Owner
    patterns: tuple[PatternReport, ...]
    """Most frequent first."""
    attempts_total: int
    replays: tuple[ReplayReport, ...]
    """What genuine chains without their key brought to light, per TLS stack that was shown any."""
    server_chain: tuple[ev.Certificate, ...]
    """The chain seen last, leaf first; empty where the server was never reached."""
    server_chains_seen: int
    upstream_errors: tuple[tuple[str, int], ...]
    cleartext: int
    datagrams: int
    coalesced: int
    server_root: ev.Certificate | None = None
    """The trusted root that this chain ends in, where it is known and was not sent."""
    other_chains: tuple[Chain, ...] = ()
    """The other chains that were seen, the latest first."""
    attributed_by: tuple[tuple[str, int], ...] = ()
    """Sources of attribution, and what they called this app's: attempts, datagrams and cleartext."""
    declared: Declaration | None = None
    """What the app's package declares for the host; None where none was read."""
    pin_material: tuple[tuple[str, int], ...] = ()
    """Pin-shaped strings in decrypted answers, by how they stand there."""
    fallbacks: tuple[FallbackReport, ...] = ()
    """Where the app turned to after refusals here, and only then."""
    runs: tuple[EndpointRun, ...] = ()
    """What each run says, where several were judged together; else empty."""

    @property
    def accepts_untrusted(self) -> bool:
        """The one verdict that outranks all others."""
        return self.judgement.rule_id == "accepts_untrusted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseReport:
    """One phase of a session."""

    phase: str
    seconds: float
    connections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The app that the report speaks of."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts for the first screen."""

    endpoints: int
    verdicts: dict[Verdict, int]
    accepts_untrusted: int
    """Of the unpinned ones."""
    pinned_unproven: int
    """Of the pinned ones."""
    connections: int
    sentence: str
    devices_own: int = 0
    """Endpoints that are the device's own, and in none of these counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One app in one session, or in several that were judged together."""

    schema_version: int
    app: App
    session: ev.SessionStarted
    """Of several the latest: its versions and settings are shown."""
    ended_s: float
    """Time of its last event."""
    journal_sha256: str
    """Of several: over the sorted digests of theirs."""
    summary: Summary
    endpoints: tuple[EndpointReport, ...]
    """By urgency, then host: see `in_order`; the device's own come last."""
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...]
    fallback_groups: tuple[FallbackGroup, ...] = ()
    """Endpoints that fell back to one another."""
    phases: tuple[PhaseReport, ...] = ()
    """In the order of PHASES; of several sessions none."""
    runs: tuple[RunReport, ...] = ()
    """The sessions that were judged together; empty where there is only one."""
    declared: ev.AppDeclared | None = None
    """What the app's package says; of several sessions the latest one's that read any."""
    others: tuple[OtherApp, ...] = ()
    """Other apps of the session, which have reports of their own; only in that of the session's own app."""
    policy: Ruling | None = None
    """What the user's policy says of it, where there is one."""


def urgency(endpoint: EndpointReport) -> int:
    """Position in the order of rows: what a reader must see first comes first."""
    verdict, confidence = endpoint.judgement.verdict, endpoint.judgement.confidence
    if endpoint.accepts_untrusted:
        return 0
    if verdict is Verdict.PINNED:
        return 2 if confidence is Confidence.UNPROVEN else 3
    return {Verdict.SUSPICIOUS: 1, Verdict.INCONCLUSIVE: 4, Verdict.UNPINNED: 5, Verdict.NOT_TESTED: 6}[verdict]


def build_report(evidence: Evidence, app_id: str, journal_sha256: str) -> Report:
    """Judge everything that was seen of an app. The evidence must have a session."""
    assert evidence.session is not None
    peers = peers_of(evidence)
    judgements = [judge(evidence, about, peers) for about in evidence.of_app(app_id)]
    guessed = guessed_domain(evidence, app_id)
    endpoints = in_order(
        endpoint_report(evidence, evidence.endpoints[j.endpoint], j, peers, guessed) for j in judgements
    )
    return Report(
        schema_version=ev.SCHEMA_VERSION,
        app=App(id=app_id, label=app_id),
        session=evidence.session,
        ended_s=evidence.last_s,
        journal_sha256=journal_sha256,
        summary=summary_of(endpoints, evidence.connections),
        endpoints=endpoints,
        findings=findings_about(endpoints, evidence.declared.get(app_id), evidence.session.at_s),
        notices=notices_of(evidence, judgements, apart_of(endpoints)),
        fallback_groups=groups_of({e.judgement.endpoint: e.fallbacks for e in endpoints}),
        phases=_phases(evidence),
        declared=evidence.declared.get(app_id),
        others=others_of(evidence, app_id),
    )


def _phases(evidence: Evidence) -> tuple[PhaseReport, ...]:
    return tuple(
        PhaseReport(
            phase=phase,
            seconds=evidence.phases.seconds(phase, evidence.last_s),
            connections=evidence.connections_in.get(phase, 0),
        )
        for phase in ev.PHASES
        if evidence.phases.seen(phase)
    )


def in_order(endpoints: Iterable[EndpointReport]) -> tuple[EndpointReport, ...]:
    """As rows: by urgency, then host; the device's own after the app's."""
    return tuple(sorted(endpoints, key=lambda e: (e.owner.devices_own, urgency(e), e.judgement.endpoint)))


def apart_of(endpoints: Iterable[EndpointReport]) -> frozenset[Endpoint]:
    """The device's own."""
    return frozenset(one.judgement.endpoint for one in endpoints if one.owner.devices_own)


def of_the_app(endpoints: Iterable[EndpointReport]) -> tuple[EndpointReport, ...]:
    """Without the device's own."""
    return tuple(endpoint for endpoint in endpoints if not endpoint.owner.devices_own)


def findings_about(endpoints: Iterable[EndpointReport], app: ev.AppDeclared | None, at_s: float) -> tuple[Finding, ...]:
    """What good practice has to say of them, and of the app that declared this, as of the session's start."""
    judged = (
        Judged(
            judgement=e.judgement,
            first_party=e.owner.first_party,
            guessed=e.owner.first_party_guessed,
            declared=e.declared,
            pin_material=dict(e.pin_material),
        )
        for e in endpoints
    )
    its = None if app is None or app.of_another_app else app
    return tuple(findings_of(Seen(judged=tuple(judged), app=its, at_s=at_s)))


def endpoint_report(
    evidence: Evidence, about: EndpointEvidence, judgement: Judgement, peers: Peers, guessed: str | None
) -> EndpointReport:
    """A judgement with the evidence of one session; `guessed` is the domain that may be the developer's own."""
    patterns = [
        PatternReport(
            probe_id=pattern.probe_id,
            outcome=pattern.outcome,
            alert=None if pattern.alert < 0 else pattern.alert,
            tls_version=pattern.tls_version or None,
            stack=stack.stack,
            count=tally.count,
            first_s=tally.first_s,
            last_s=tally.last_s,
            examples=tuple(sorted(tally.examples, key=lambda a: a.connection_id)[:EXAMPLES_KEPT]),
        )
        for stack in about.stacks.values()
        for pattern, tally in stack.tallies.items()
    ]
    chains = chains_of(evidence, about)
    return EndpointReport(
        judgement=judgement,
        owner=_owner(evidence, about, guessed),
        patterns=most_frequent_first(patterns),
        attempts_total=sum(pattern.count for pattern in patterns),
        replays=replays_of(evidence, about, peers),
        server_chain=chains[0].certificates if chains else (),
        server_root=chains[0].root if chains else None,
        other_chains=chains[1:],
        server_chains_seen=len(about.chains),
        upstream_errors=tuple(sorted(about.upstream_errors.items())),
        cleartext=about.cleartext,
        datagrams=about.datagrams,
        coalesced=about.coalesced,
        attributed_by=tuple(sorted(about.attributed_by.items())),
        declared=declaration_of(evidence, about),
        pin_material=tuple(sorted(about.pin_material.items())),
        fallbacks=fallbacks_of(evidence, about, peers),
    )


def most_frequent_first(patterns: Iterable[PatternReport]) -> tuple[PatternReport, ...]:
    """In the order in which they are shown."""
    return tuple(
        sorted(patterns, key=lambda p: (-p.count, p.probe_id, p.outcome, p.alert or -1, p.tls_version or "", p.stack))
    )


def _owner(evidence: Evidence, about: EndpointEvidence, guessed: str | None) -> Owner:
    host = about.endpoint.host
    known = evidence.hosts.get(host)
    patterns = evidence.session.first_party if evidence.session is not None else ()
    first_party = matches_any(host, patterns)
    guess = not first_party and guessed is not None and evidence.domain(host) == guessed
    return Owner(
        registrable_domain=evidence.domain(host),
        category=known.category if known is not None else None,
        vendor=known.vendor if known is not None else None,
        first_party=first_party,
        device=idle_only(evidence, about),
        first_party_guessed=guess,
        devices_own=devices_own(evidence, about, first_party=first_party or guess),
    )


def matches_any(host: str, patterns: Iterable[str]) -> bool:
    """True where a host matches a first-party pattern: `example.com` is the name and all below it, `*` a wildcard."""
    return any(
        fnmatchcase(host, pattern) if "*" in pattern else host == pattern or host.endswith("." + pattern)
        for pattern in (p.lower().rstrip(".") for p in patterns)
    )


def summary_of(endpoints: Sequence[EndpointReport], connections: int) -> Summary:
    """The counts, and the sentence: of the app's own endpoints alone."""
    seen, endpoints = len(endpoints), of_the_app(endpoints)
    verdicts = dict.fromkeys(Verdict, 0)
    for endpoint in endpoints:
        verdicts[endpoint.judgement.verdict] += 1
    untrusted = sum(endpoint.accepts_untrusted for endpoint in endpoints)
    unproven = sum(
        e.judgement.verdict is Verdict.PINNED and e.judgement.confidence is Confidence.UNPROVEN for e in endpoints
    )
    return Summary(
        endpoints=len(endpoints),
        verdicts=verdicts,
        accepts_untrusted=untrusted,
        pinned_unproven=unproven,
        connections=connections,
        sentence=_sentence(endpoints, verdicts, untrusted, unproven, seen - len(endpoints)),
        devices_own=seen - len(endpoints),
    )


def _sentence(
    endpoints: Sequence[EndpointReport], verdicts: dict[Verdict, int], untrusted: int, unproven: int, apart: int
) -> str:
    """What was observed, in words. Never a grade."""
    total = len(endpoints)
    left_out = [f"{apart} endpoint{'s are' if apart > 1 else ' is'} the device's own and not counted."] if apart else []
    if not total:
        whose = " of the app" if apart else ""
        return " ".join([f"No TLS connection{whose} reached the proxy. This says nothing about pinning.", *left_out])
    clauses = (
        (verdicts[Verdict.PINNED] - unproven, "reject{s} a certificate that this app's TLS stack trusts"),
        (unproven, "fail{s} hard, by a pin or because the CA is not trusted"),
        (verdicts[Verdict.SUSPICIOUS], "{do} something weaker than failing"),
        (verdicts[Verdict.UNPINNED], "accept{s} the proxy's certificate"),
        (untrusted, "of these accept{s} even a certificate that nobody should trust"),
        (verdicts[Verdict.INCONCLUSIVE], "could not be decided"),
        (verdicts[Verdict.NOT_TESTED], "{were} not tested"),
    )
    said: list[str] = []
    for number, words in clauses:
        if number:
            subject = f"{number}" if said else f"{number} of {total} endpoint{'s' if total > 1 else ''}"
            one = number == 1
            forms = {"s": "s", "were": "was", "do": "does"} if one else {"s": "", "were": "were", "do": "do"}
            said.append(f"{subject} {words.format(**forms)}.")
    return " ".join([*said, *left_out])
