"""Hold a report against a policy: what is broken, what is waived, and where there was nothing to judge. Pure.

ASKS is the table of what a policy can ask. Each answers with what was asked and what of it is not so.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from pinprobe.findings import Finding, Judged, Level, Seen, findings_of
from pinprobe.policy.model import ANY, RAISED, Expectation, Policy, Waiver
from pinprobe.policy.pattern import HostPattern
from pinprobe.report.model import Report, matches_any
from pinprobe.report.outline import EndpointOutline, Outline, outline_of
from pinprobe.report.owners import FIRST_PARTY
from pinprobe.report.ruling import COVERAGE, EXPECT, Breach, Ruling, Standing, Waived
from pinprobe.report.times import utc

EVERYWHERE = "*"
LEVELS = tuple(Level)
"""The quietest first."""

Answers = Iterator[Breach | None]
"""One per thing that was asked; None where it is so."""


def judged_by(policy: Policy, report: Outline, today: date) -> Outline:
    """The report with the policy's answer in it; the findings are made anew, by what it says of hosts and levels."""
    endpoints = tuple(
        replace(one, owner=FIRST_PARTY, first_party=True)
        if not one.first_party and matches_any(one.judgement.endpoint.host, policy.first_party)
        else one
        for one in report.endpoints
    )
    judged = tuple(
        Judged(
            judgement=one.judgement,
            first_party=one.first_party,
            declared=one.declared,
            pin_material=dict(one.pin_material),
        )
        for one in endpoints
    )
    findings = tuple(
        replace(finding, level=RAISED.get((policy.masvs, finding.id), finding.level))
        for finding in findings_of(Seen(judged=judged, app=report.declared, at_s=report.started_s))
    )
    outline = replace(report, endpoints=endpoints, findings=findings)
    return replace(outline, policy=_ruling(policy, outline, today))


def ruled(policy: Policy, report: Report, today: date) -> Report:
    """The same for a report with its evidence."""
    outline = judged_by(policy, outline_of(report), today)
    return replace(
        report,
        endpoints=tuple(
            replace(one, owner=replace(one.owner, first_party=judged.first_party))
            for one, judged in zip(report.endpoints, outline.endpoints, strict=True)
        ),
        findings=outline.findings,
        policy=outline.policy,
    )


def ruled_when_recorded(policy: Policy | None, report: Report) -> Report:
    """As of the day of the report's last event: so a report that is rebuilt years later is the same."""
    if policy is None:
        return report
    moment = utc(report.ended_s)
    return ruled(policy, report, date.max if moment is None else moment.date())


def _ruling(policy: Policy, report: Outline, today: date) -> Ruling:
    answers = [answer for ask in ASKS for answer in ask(policy, report)]
    breaches = [breach for breach in answers if breach is not None]
    waivers = [(breach, _waiver_of(breach, policy.waivers, today)) for breach in breaches]
    broken = tuple(breach for breach, waiver in waivers if waiver is None)
    used = {waiver for _, waiver in waivers if waiver is not None}
    if not report.anything_tested:
        standing = Standing.NOTHING_OBSERVED
    else:
        standing = Standing.BROKEN if broken else Standing.MET
    return Ruling(
        policy=policy.name,
        masvs=policy.masvs,
        day=today.isoformat(),
        standing=standing,
        checks=len(answers),
        broken=broken,
        waived=tuple(
            Waived(breach=breach, reason=waiver.reason, until=waiver.until.isoformat())
            for breach, waiver in waivers
            if waiver is not None
        ),
        remarks=tuple(_remarks(policy, used, today)),
    )


def _expectations(policy: Policy, report: Outline) -> Answers:
    """Every endpoint that an expectation speaks of; and those expectations that speak of none."""
    for endpoint in report.endpoints:
        wanted = next((one for one in policy.expect if one.host.matches(endpoint.judgement.endpoint)), None)
        if wanted is not None:
            yield _compared(wanted, endpoint)
    for one in policy.expect:
        if one.verdict != ANY and not _matched(one.host, report.endpoints):
            yield Breach(
                what=EXPECT, endpoint=None, pattern=one.host.text, text=f"expected {one.words}; no such host was seen"
            )


def _compared(wanted: Expectation, endpoint: EndpointOutline) -> Breach | None:
    judgement = endpoint.judgement
    # A client that accepts what nobody should trust is no ordinary unpinned one: only `any` lets it pass.
    met = wanted.met_by(judgement.verdict, judgement.confidence)
    if met and (wanted.verdict == ANY or not endpoint.accepts_untrusted):
        return None
    is_so = f"{judgement.verdict.value.replace('_', ' ')}" + (
        ", accepts untrusted certificates" if endpoint.accepts_untrusted else f", {judgement.confidence.value}"
    )
    return Breach(
        what=EXPECT,
        endpoint=judgement.endpoint,
        pattern=wanted.host.text,
        text=f"expected {wanted.words}; it is {is_so.removesuffix(', none')}: {judgement.reason}",
    )


def _coverage(policy: Policy, report: Outline) -> Answers:
    """Every host that must have been put to the test."""
    for pattern in policy.coverage:
        matched = _matched(pattern, report.endpoints)
        if any(endpoint.tested for endpoint in matched):
            yield None
        else:
            why = f"seen, and not tested: {matched[0].judgement.reason}" if matched else "not seen"
            yield Breach(
                what=COVERAGE, endpoint=None, pattern=pattern.text, text=f"must be put to the test; it was {why}"
            )


def _findings(policy: Policy, report: Outline) -> Answers:
    """Every endpoint with a finding that fails; at least one answer, so that what was asked counts."""
    failing = [finding for finding in report.findings if _fails(finding, policy.fail_on)]
    if policy.fail_on and not failing:
        yield None
    for finding in failing:
        if not finding.endpoints:
            # About the app as a whole: only a waiver for every host lets it pass.
            yield Breach(
                what=finding.id, endpoint=None, pattern=EVERYWHERE, text=f"{finding.level.value}: {finding.title}"
            )
        for endpoint in finding.endpoints:
            yield Breach(what=finding.id, endpoint=endpoint, pattern="", text=f"{finding.level.value}: {finding.title}")


ASKS: tuple[Callable[[Policy, Outline], Answers], ...] = (_expectations, _coverage, _findings)


def _fails(finding: Finding, fail_on: Sequence[str]) -> bool:
    """By its id, or by its level or a quieter one."""
    at_least = LEVELS[: LEVELS.index(finding.level) + 1]
    return finding.id in fail_on or any(level.value in fail_on for level in at_least)


def _matched(pattern: HostPattern, endpoints: Sequence[EndpointOutline]) -> list[EndpointOutline]:
    return [endpoint for endpoint in endpoints if pattern.matches(endpoint.judgement.endpoint)]


def _waiver_of(breach: Breach, waivers: Sequence[Waiver], today: date) -> Waiver | None:
    """The first one that holds."""
    return next((one for one in waivers if one.until >= today and _waives(one, breach)), None)


def _waives(waiver: Waiver, breach: Breach) -> bool:
    if waiver.what != breach.what:
        return False
    if breach.endpoint is not None:
        return waiver.host.matches(breach.endpoint)
    asked = HostPattern.of(breach.pattern)
    return asked is not None and waiver.host.covers(asked)


def _remarks(policy: Policy, used: set[Waiver], today: date) -> Iterator[str]:
    for waiver in policy.waivers:
        about = f"the waiver of {waiver.what} for {waiver.host.text} ({policy.name}:{waiver.line})"
        if waiver.until < today:
            yield f"{about} expired on {waiver.until.isoformat()} and waives nothing any more"
        elif waiver not in used:
            yield f"{about} waives nothing here; take it out if nothing will come of it"
