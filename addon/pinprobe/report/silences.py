"""Notices that keep silence from reading as a pass: what was not seen, and why that says nothing. Pure."""

from collections.abc import Iterator, Sequence

from pinprobe.events import CONTROL, TEST, UNATTRIBUTED
from pinprobe.evidence import EndpointEvidence, Evidence
from pinprobe.findings import Level
from pinprobe.report.around import ignoring
from pinprobe.signals import NOT_THE_APPS_OWN, REPORTERS, State, held_over, idle_only
from pinprobe.thresholds import FALLBACKS_NEEDED
from pinprobe.verdicts import Judgement

NAMED = 5
"""Endpoints or hosts that a notice names."""

Said = tuple[str, Level, str]


def silences_of(evidence: Evidence, judgements: Sequence[Judgement]) -> Iterator[Said]:
    """Those that apply, as id, level and text."""
    apps_own = [
        judgement for judgement in judgements if not idle_only(evidence, evidence.endpoints[judgement.endpoint])
    ]
    if evidence.connections == 1:
        yield "one_connection", Level.WARNING, "Only one connection was seen: one connection never makes a verdict."
    yield from _phases(evidence, apps_own)
    yield from _reach(evidence, apps_own)
    yield from _bypass(evidence, apps_own)


def _phases(evidence: Evidence, judgements: Sequence[Judgement]) -> Iterator[Said]:
    if evidence.phases.at(evidence.last_s) != TEST and not evidence.connections_in.get(TEST):
        yield (
            "never_tested",
            Level.WARNING,
            "No connection was seen in a test phase, so everything was relayed and nothing was tested: "
            "pinprobe mark test.",
        )
        return
    seen = [evidence.endpoints[j.endpoint] for j in judgements]
    in_phase = [known.in_phase(evidence.phases) for about in seen for known in (about.contacts, about.checks)]
    control, test = (sum(counts.get(phase, 0) for counts in in_phase) for phase in (CONTROL, TEST))
    if control and not test and not any(held_over(evidence, about) for about in seen):
        seconds = evidence.phases.seconds(TEST, evidence.last_s)
        yield (
            "no_traffic_in_test",
            Level.WARNING,
            f"{control} connections in the control, and none in {seconds:.0f} s of test: the app may live on cached "
            "data, or may have noticed the proxy. That it sent nothing is no pass.",
        )


def _reach(evidence: Evidence, judgements: Sequence[Judgement]) -> Iterator[Said]:
    reached = [
        j
        for j in judgements
        if TEST in evidence.endpoints[j.endpoint].contacts.in_phase(evidence.phases)
        and _category(evidence, j.endpoint.host) not in REPORTERS
    ]
    unreached = [j for j in judgements if _present(j, "missing_endpoints")]
    behind = f" Of the control, {_names(unreached)} {_were(unreached)} not reached." if unreached else ""
    if len(reached) == 1 and _present(reached[0], "refused_every_time"):
        yield (
            "stopped_at_first_pin",
            Level.WARNING,
            f"Of the app's own hosts one endpoint only was seen, {_name(reached[0])}, and refuses there: what it would do behind it "
            f"is not tested.{behind} Let that host pass (mitmproxy's ignore_hosts) to see the rest.",
        )
    elif unreached:
        yield (
            "unreached",
            Level.WARNING,
            f"{_names(unreached)} {_were(unreached)} used in the control and not reached in the test: not tested, "
            "which is no pass.",
        )


def _bypass(evidence: Evidence, judgements: Sequence[Judgement]) -> Iterator[Said]:
    if around := [j for j in judgements if _present(j, "bypass")]:
        yield (
            "proxy_bypassed",
            Level.WARNING,
            f"{_names(around)}: the name is looked up after refusals and no connection follows. The app may go around "
            "the proxy, and succeed there.",
        )
    by_host: dict[str, list[EndpointEvidence]] = {}
    for endpoint, about in evidence.endpoints.items():
        by_host.setdefault(endpoint.host, []).append(about)
    never = [
        host
        for host in sorted(evidence.lookups.by_host)
        if host not in by_host
        and _may_be_the_apps(evidence, host, judgements)
        and _category(evidence, host) not in NOT_THE_APPS_OWN
        and len(evidence.lookups.unanswered(host, (), evidence.last_s)) >= FALLBACKS_NEEDED
    ]
    if never:
        titles = ignoring(evidence)
        why = f": its package has {titles[0]}, which takes no notice of proxies" if titles else ""
        named = ", ".join(never[:NAMED]) + (f" and {len(never) - NAMED} more" if len(never) > NAMED else "")
        yield (
            "bypass_candidates",
            Level.WARNING,
            f"Names that were looked up again and again without a connection through the proxy: {named}. The app may go "
            f"around it{why}.",
        )


def _may_be_the_apps(evidence: Evidence, host: str, judgements: Sequence[Judgement]) -> bool:
    """Whether the app may have looked it up: False where all who did are known to carry other apps alone."""
    app_id = judgements[0].endpoint.app_id if judgements else UNATTRIBUTED
    apps = [evidence.apps_of_client.get(client, {UNATTRIBUTED}) for client in evidence.lookups.clients(host)]
    return app_id == UNATTRIBUTED or any({app_id, UNATTRIBUTED} & of_client for of_client in apps)


def _category(evidence: Evidence, host: str) -> str | None:
    known = evidence.hosts.get(host)
    return known.category if known is not None else None


def _present(judgement: Judgement, signal_id: str) -> bool:
    return any(signal.id == signal_id and signal.state is State.PRESENT for signal in judgement.signals)


def _name(judgement: Judgement) -> str:
    return f"{judgement.endpoint.host}:{judgement.endpoint.port}"


def _names(judgements: Sequence[Judgement]) -> str:
    more = len(judgements) - NAMED
    return ", ".join(map(_name, judgements[:NAMED])) + (f" and {more} more" if more > 0 else "")


def _were(judgements: Sequence[Judgement]) -> str:
    return "was" if len(judgements) == 1 else "were"
