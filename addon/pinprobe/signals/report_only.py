"""Does the app report a failed pin and carry on?"""

from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import EXCHANGES_FOR_CONFIRMED


def _report_only(asked: Asked) -> Answer:
    stack, endpoint = asked.stack, asked.endpoint.endpoint
    reports = asked.evidence.pin_reports.get((endpoint.app_id, endpoint.host), {})
    count, formats = sum(reports.values()), ", ".join(sorted(reports))
    if not stack.tested:
        return unknown("no attempt was shown our certificate")
    if not reports and not asked.peers.accepting.get(endpoint.app_id):
        return unknown("nothing of this app was decrypted, so no report could be seen")
    if not reports or not stack.accepts:
        return present_if(False, count=count, note=formats)
    if stack.requests < EXCHANGES_FOR_CONFIRMED:
        return unknown(f"a report ({formats}) about this host, and only {stack.requests} request decrypted here")
    return present_if(True, count=count, of=stack.requests, note=formats)


REPORT_ONLY = Card(
    id="report_only",
    kind=Kind.STRONG,
    title="reports a failed pin and carries on",
    asks="Was a report of a failed pin for this host sent while its traffic flows?",
    matters="The pin is checked and not enforced: somebody is told, and nobody is protected.",
    trigger="One decrypted report in the format of TrustKit, HPKP (RFC 7469, section 3) or Expect-CT (RFC 9163, section "
    "3.1) that names this host, and two or more requests decrypted here. One is enough, since senders limit repeats.",
    rules_out="Enforced pins that report as well: they send nothing else. Other JSON that merely names a host.",
    limits="A staging build may be configured so on purpose. Reports in formats of an app's own are not recognised.",
    evaluate=_report_only,
)
