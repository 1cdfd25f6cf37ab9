"""A ruling as JSON: the part of report.json that says how the app stands against a policy, and what `check` prints. Pure."""

from typing import Any

from pinprobe.report.ruling import Breach, Ruling

Json = dict[str, Any]


def ruling_json(ruling: Ruling) -> Json:
    """The whole ruling."""
    return {
        "file": ruling.policy,
        "masvs": ruling.masvs,
        "judged_as_of": ruling.day,
        "standing": ruling.standing.value,
        "sentence": ruling.sentence,
        "checks": ruling.checks,
        "broken": [_breach(breach) for breach in ruling.broken],
        "waived": [
            {**_breach(waived.breach), "reason": waived.reason, "until": waived.until} for waived in ruling.waived
        ],
        "remarks": list(ruling.remarks),
    }


def _breach(breach: Breach) -> Json:
    name = breach.endpoint
    return {
        "what": breach.what,
        "rule_id": breach.rule_id,
        "endpoint": None
        if name is None
        else {"app": name.app_id, "host": name.host, "port": name.port, "transport": name.transport},
        "pattern": breach.pattern,
        "text": breach.text,
    }
