"""What the page shows before anything is opened: the first screen, the rows, the findings. Pure."""

from dataclasses import dataclass

from pinprobe.attempts import Endpoint
from pinprobe.findings import Finding, Level
from pinprobe.report import charts
from pinprobe.report.attribution import beyond_option, in_order_of_trust, told_by
from pinprobe.report.declared import app_facts, app_words
from pinprobe.report.faces import Face, counted, face_of, full_word, sureness
from pinprobe.report.model import EndpointReport, Report, of_the_app
from pinprobe.report.notices import Notice
from pinprobe.report.owners import Coverage, coverage, owner_word
from pinprobe.report.pins import PinsView, pins_of
from pinprobe.report.policy_view import PolicyView, policy_view
from pinprobe.report.runs import RunView, runs_of, runs_words
from pinprobe.report.safe_text import NAME_LIMIT, safe_text, shortened, unicode_host
from pinprobe.report.times import minute, span
from pinprobe.report.words import fallback_words, probe_counts

PAGE = "report.html"
REASON_LIMIT = 90
OWNER_LIMIT = 40
OWNERS_SHOWN = 8
NAMED_IN_FINDING = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The six cells of one endpoint, and what is needed to find them."""

    number: int
    face: Face
    before_domain: str
    domain: str
    port: str
    unicode: str | None
    reason: str
    probes: str
    owner: str
    sure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One finding, its endpoints as the numbers of their rows."""

    finding: Finding
    named: tuple[tuple[int, str], ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackView:
    """Endpoints that fell back to one another: a line for each step, with the numbers of both rows."""

    steps: tuple[tuple[int | None, str, int | None, str, str], ...]
    """From (row and name), to (row and name), and the counts in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything on the page but the rows themselves."""

    label: str
    app_id: str | None
    """Where it says more than the label."""
    version: str
    """The user's word for the run, such as the app's version; empty where there is none, or several runs."""
    sentence: str
    bar: str
    faces: tuple[tuple[Face, str, int], ...]
    """Those that occur among the app's own endpoints, with the word that stands alone."""
    row_faces: tuple[tuple[Face, str, int], ...]
    """Those that occur among all rows."""
    endpoints: int
    devices_own: int
    """Of the endpoints: the last rows, and in none of the counts."""
    owners: tuple[Coverage, ...]
    owners_left_out: int
    run: str
    """The run in a line."""
    runs: tuple[RunView, ...]
    """Where several were judged together."""
    facts: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str, int], ...]
    """The session's other apps: name, page, number of endpoints."""
    fallbacks: tuple[FallbackView, ...]
    loud: tuple[Notice, ...]
    quiet: tuple[Notice, ...]
    findings: tuple[FindingView, ...]
    findings_words: str
    policy: PolicyView | None
    pins: PinsView | None
    """For the developer's own hosts; None where none is known."""


def page_of(report: Report) -> Page:
    """The page around the rows."""
    owners = coverage(report.endpoints)
    faces, row_faces = counted(of_the_app(report.endpoints)), counted(report.endpoints)
    label = safe_text(report.app.label, NAME_LIMIT)
    app_id = safe_text(report.app.id, NAME_LIMIT)
    return Page(
        label=label,
        app_id=app_id if app_id != label else None,
        version="" if report.runs else safe_text(report.session.label, NAME_LIMIT),
        sentence=report.summary.sentence,
        bar=charts.verdict_bar([(face.id, number) for face, number in faces]),
        faces=tuple((face, full_word(face), number) for face, number in faces if number),
        row_faces=tuple((face, full_word(face), number) for face, number in row_faces if number),
        endpoints=len(report.endpoints),
        devices_own=report.summary.devices_own,
        owners=tuple(owners[:OWNERS_SHOWN]),
        owners_left_out=max(0, len(owners) - OWNERS_SHOWN),
        run=_run(report),
        runs=runs_of(report),
        facts=_facts(report),
        others=tuple((safe_text(one.id, NAME_LIMIT), f"{one.folder}/{PAGE}", one.endpoints) for one in report.others),
        fallbacks=_fallbacks(report),
        loud=tuple(
            notice for level in (Level.ERROR, Level.WARNING) for notice in report.notices if notice.level is level
        ),
        quiet=tuple(notice for notice in report.notices if notice.level is Level.NOTE),
        findings=_findings(report),
        findings_words=_findings_words(report),
        policy=policy_view(report.policy, _numbers(report)),
        pins=pins_of(report),
    )


def row_of(endpoint: EndpointReport, number: int) -> Row:
    """The cells of one row."""
    name = endpoint.judgement.endpoint
    host = safe_text(name.host, NAME_LIMIT)
    before, domain = _split(host, safe_text(endpoint.owner.registrable_domain, NAME_LIMIT))
    readable = unicode_host(name.host)
    return Row(
        number=number,
        face=face_of(endpoint),
        before_domain=before,
        domain=domain,
        port=_port(name),
        unicode=safe_text(readable, NAME_LIMIT) if readable else None,
        reason=shortened(endpoint.judgement.reason, REASON_LIMIT),
        probes=" · ".join(probe_counts(endpoint)) or "–",
        owner=shortened(owner_word(endpoint.owner), OWNER_LIMIT),
        sure=sureness(endpoint.judgement.confidence),
    )


def _split(host: str, domain: str) -> tuple[str, str]:
    """What stands before the registrable domain, and the domain (all of it, where the catalog knows none)."""
    if domain and host != domain and host.endswith("." + domain):
        return host[: -len(domain)], domain
    return "", host


def _port(name: Endpoint) -> str:
    return f":{name.port}" + ("" if name.transport == "tcp" else f"/{safe_text(name.transport, 20)}")


def _run(report: Report) -> str:
    if report.runs:
        return runs_words(report)
    session = report.session
    lasted = span(report.ended_s - session.at_s)
    connections = f"{report.summary.connections} connection{'' if report.summary.connections == 1 else 's'}"
    device = [f", {safe_text(session.device, NAME_LIMIT)}"] if session.device else []
    device += [f", API level {session.android_api}"] if session.android_api is not None else []
    app = f", {app_words(report.declared)}" if report.declared is not None else ""
    return (
        f"{minute(session.at_s)}, {lasted}, {connections}, mode {session.mode}, CA store {session.ca_store}"
        f"{''.join(device)}{app}"
    )


def _facts(report: Report) -> tuple[tuple[str, str], ...]:
    session = report.session
    return (
        *app_facts(report.declared, [one.judgement.endpoint.host for one in report.endpoints]),
        ("latest session" if report.runs else "session", session.session_id),
        *((("device", session.device),) if session.device else ()),
        *((("API level", str(session.android_api)),) if session.android_api is not None else ()),
        ("first-party patterns", ", ".join(session.first_party) or _guessed(report)),
        ("pin of the proxy's CA (sha256)", session.ca_pin_sha256),
        ("bad certificates asked for", ", ".join(session.probes) or "none"),
        ("contrasts and replays", "on" if session.contrasts else "off"),
        ("connection strategy", session.connection_strategy),
        ("phases", _phases(report)),
        *attribution_facts(report),
        ("label", session.label or "none"),
        ("seed", str(session.seed)),
        ("pinprobe", session.tool_version),
        ("mitmproxy", session.mitmproxy_version),
        ("OpenSSL", session.openssl_version),
        ("Python", session.python_version),
        ("journal (SHA-256)", report.journal_sha256),
    )


def _guessed(report: Report) -> str:
    """Where the user gave none."""
    domain = next((e.owner.registrable_domain for e in report.endpoints if e.owner.first_party_guessed), None)
    return f"none given; {domain} is a guess from the package's name" if domain else "none given"


def attribution_facts(report: Report) -> tuple[tuple[str, str], ...]:
    """Who said whose connections these are, where anything but the option did."""
    counts: dict[str, int] = {}
    for endpoint in report.endpoints:
        for source, count in endpoint.attributed_by:
            counts[source] = counts.get(source, 0) + count
    said = in_order_of_trust(counts)
    return (("attributed by", told_by(said)),) if beyond_option(said) else ()


def _phases(report: Report) -> str:
    said = (f"{one.phase} {span(one.seconds)}, {one.connections} connections" for one in report.phases)
    return "; ".join(said) or "see each run"


def _fallbacks(report: Report) -> tuple[FallbackView, ...]:
    numbers = _numbers(report)

    def name(endpoint: Endpoint) -> tuple[int | None, str]:
        return numbers.get(endpoint), safe_text(endpoint.host, NAME_LIMIT) + _port(endpoint)

    return tuple(
        FallbackView(
            steps=tuple((*name(source), *name(step.target), fallback_words(step)) for source, step in group.steps)
        )
        for group in report.fallback_groups
    )


def _numbers(report: Report) -> dict[Endpoint, int]:
    """Of the rows."""
    return {endpoint.judgement.endpoint: number for number, endpoint in enumerate(report.endpoints, start=1)}


def _findings(report: Report) -> tuple[FindingView, ...]:
    numbers = _numbers(report)
    return tuple(
        FindingView(
            finding=finding,
            named=tuple(
                (numbers[name], safe_text(name.host, NAME_LIMIT) + _port(name))
                for name in finding.endpoints[:NAMED_IN_FINDING]
            ),
            left_out=max(0, len(finding.endpoints) - NAMED_IN_FINDING),
        )
        for finding in report.findings
    )


def _findings_words(report: Report) -> str:
    levels = [finding.level for finding in report.findings]
    counts = [(levels.count(level), level.value) for level in (Level.ERROR, Level.WARNING, Level.NOTE)]
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count)
