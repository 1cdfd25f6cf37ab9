"""A commented policy from a report: what was seen, as expectations; the rest as examples to take up. Pure.

A report that was put to the test meets the policy that was made from it.
"""

import re
from collections import Counter
from collections.abc import Iterator

from pinprobe.attempts import Endpoint
from pinprobe.findings import FINDINGS
from pinprobe.policy.model import ANY, CONFIDENCES, VERDICTS, VERSION
from pinprobe.policy.reader import FIRST_PARTY
from pinprobe.report.outline import EndpointOutline, Outline
from pinprobe.report.places import place
from pinprobe.report.safe_text import NAME_LIMIT, safe_text

_HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
"""Names and addresses that a pattern can name; no policy should be about anything stranger."""
_REASON_LIMIT = 120
_UNTIL = "2027-12-31"

HEAD = """\
# pinprobe policy for {app},
# written by `pinprobe init` from session {session} ({when}).
# It holds the app to what was seen there. Read it, and say what should be so instead; docs/policy.md explains each key.
version: {version}
app: {app_quoted}
# L2 asks for pins on first-party hosts: PIN-101 is then a warning. L1 takes their lack for a note.
masvs: L1
# The developer's own hosts: example.com means it and all below it.
first_party:{first_party}

# What hosts must do, `confidence: probable` or better unless said otherwise. Of several lines that match, the first one
# counts. Here api.example.com is that host alone; *.example.com is all below example.com.
expect:{expect}

# Hosts that must have been put to the test; one that was not breaks the policy.
coverage:{coverage}

# Findings that break it, by id or by level: error, warning, note. Those that the app has now are comments.
fail_on:{fail_on}

# What is let pass for a while, and who answers for it. After that day it breaks the policy again.
waivers: []
# - what: PIN-101
#   host: "api.example.com"
#   reason: "ticket 123: the pin comes with release 5"
#   until: {until}
"""


def starter(report: Outline) -> str:
    """The policy's text."""
    patterns = _patterns(report)
    return HEAD.format(
        app=safe_text(report.app_id, NAME_LIMIT),
        session=safe_text(report.session_id, NAME_LIMIT),
        when=safe_text(report.ended_at or "no date", 40),
        version=VERSION,
        app_quoted=quoted(report.app_id),
        first_party=_block(_first_party(report)),
        expect=_block(_expectations(report, patterns)),
        coverage=_listed(
            quoted(patterns[name])
            for one in report.endpoints
            if one.first_party and one.tested and (name := one.judgement.endpoint) in patterns
        ),
        fail_on=_block(_failing(report)),
        until=_UNTIL,
    )


def quoted(text: str) -> str:
    """A text in YAML's double quotes, in ASCII: nothing in it means anything."""
    return '"' + "".join(c if " " <= c <= "~" and c not in '"\\' else _escape(c) for c in text) + '"'


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _first_party(report: Outline) -> Iterator[str]:
    yield from (f"  - {quoted(one)}" for one in report.first_party if re.fullmatch(FIRST_PARTY, one))
    guessed = sorted({one.domain for one in report.endpoints if one.first_party_guessed})
    yield from (f"  # - {quoted(one)}  # a guess from the package's name" for one in guessed)


def _expectations(report: Outline, patterns: dict[Endpoint, str]) -> Iterator[str]:
    for endpoint in report.endpoints:
        judgement = endpoint.judgement
        said = f"{judgement.verdict.value.replace('_', ' ')}, {judgement.confidence.value}".removesuffix(", none")
        remark = f"# {said}: {safe_text(judgement.reason, _REASON_LIMIT)}"
        if judgement.endpoint not in patterns:
            yield f"  # {endpoint.name}: a pattern cannot name it; {remark.removeprefix('# ')}"
            continue
        lines = (f"- host: {quoted(patterns[judgement.endpoint])}", f"  verdict: {_verdict(endpoint)}  {remark}")
        yield from (f"  {line}" if _expectable(endpoint) else f"  # {line}" for line in lines)


def _failing(report: Outline) -> Iterator[str]:
    found = {finding.id: len(finding.endpoints) for finding in report.findings}
    for check in FINDINGS:
        at = found.get(check.id)
        where = f"now at {at} endpoint{'' if at == 1 else 's'}" if at else "now about the app as a whole"
        now = "" if at is None else f" ({where}: mend it, or waive it with a reason and a day)"
        yield f"  {'' if at is None else '# '}- {check.id}  # {check.title}{now}"


def _verdict(endpoint: EndpointOutline) -> str:
    """What it does; where that is nothing to ask for, what one might ask of such a host."""
    verdict = endpoint.judgement.verdict.value
    if verdict in VERDICTS and not endpoint.accepts_untrusted:
        return verdict
    return "pinned" if endpoint.first_party else ANY


def _expectable(endpoint: EndpointOutline) -> bool:
    """Whether what it does can be asked for: the app's, decided, surely enough, and nothing that nobody should do."""
    return (
        not endpoint.devices_own
        and endpoint.judgement.verdict in VERDICTS.values()
        and endpoint.judgement.confidence in CONFIDENCES.values()
        and not endpoint.accepts_untrusted
    )


def _nameable(endpoint: EndpointOutline) -> bool:
    name = endpoint.judgement.endpoint
    return len(name.host) <= NAME_LIMIT and _HOST.fullmatch(name.host) is not None and name.transport in {"tcp", "udp"}


def _patterns(report: Outline) -> dict[Endpoint, str]:
    """Host and port of those that can be named; the transport too, where the same port is seen over both."""
    names = [one.judgement.endpoint for one in report.endpoints if _nameable(one)]
    seen = Counter((name.host, name.port) for name in names)
    return {
        name: place(name.host, name.port) + (f"/{name.transport}" if seen[name.host, name.port] > 1 else "")
        for name in names
    }


def _listed(items: Iterator[str]) -> str:
    return _block(f"  - {item}" for item in items)


def _block(lines: Iterator[str]) -> str:
    """Below its key; an empty list where all of it is comments."""
    found = list(lines)
    empty = " []" if all(line.lstrip().startswith("#") for line in found) else ""
    return empty + "".join(f"\n{line}" for line in found)
