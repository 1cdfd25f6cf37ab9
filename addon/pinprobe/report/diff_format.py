"""A difference of two reports as text, and as JSON for programs. Pure."""

from collections.abc import Iterator
from typing import Any

from pinprobe.report.diff import Change, Difference, Kind, said_word
from pinprobe.report.faces import sureness
from pinprobe.report.json_layout import laid_out
from pinprobe.report.places import WHOLE_APP, place
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.report.said import EndpointSaid, FindingSaid, Name, ReportSaid
from pinprobe.thresholds import SMALL_CHANCE

NOTHING = "Nothing changed beyond noise."
Json = dict[str, Any]


def as_text(found: Difference) -> str:
    """One block per change, the last line ended."""
    lines = [line for change in found.changes for line in _change(change)]
    lines += [f"finding appeared: {_finding(one)}" for one in found.appeared]
    lines += [f"finding went: {_finding(one)}" for one in found.went]
    head = f"{_report(found.before)} -> {_report(found.after)}"
    return "\n".join([head, *(lines or [NOTHING])]) + "\n"


def as_json(found: Difference) -> str:
    """The same as JSON, the last line ended."""
    document = {
        "before": {"app": found.before.app_id, "session_id": found.before.session_id},
        "after": {"app": found.after.app_id, "session_id": found.after.session_id},
        "verdict_changed": found.verdict_changed,
        "endpoints": [
            {
                "kind": change.kind.value,
                "endpoint": _name_json(change.endpoint),
                "before": _said_json(change.before),
                "after": _said_json(change.after),
                "chance": change.chance,
            }
            for change in found.changes
        ],
        "findings_appeared": [_finding_json(one) for one in found.appeared],
        "findings_went": [_finding_json(one) for one in found.went],
    }
    return laid_out(document) + "\n"


def _change(change: Change) -> Iterator[str]:
    words = [said_words(said) for said in (change.before, change.after) if said is not None]
    yield f"{change.kind.value}: {_name(change.endpoint)}: {' -> '.join(words)}"
    for sign, said in (("-", change.before), ("+", change.after)):
        if said is not None:
            yield f"  {sign} {safe_text(said.reason)}"
    if change.kind is Kind.COUNTS and change.before is not None and change.after is not None:
        yield (
            f"  refused {_share(change.before)} -> {_share(change.after)}: by chance in {change.chance:.2g} of cases, "
            f"below {SMALL_CHANCE:g} (Fisher's exact test, two-sided)"
        )


def _share(said: EndpointSaid) -> str:
    return f"{said.refused} of {said.refused + said.accepted}"


def said_words(said: EndpointSaid) -> str:
    """The verdict, and how sure it is."""
    sure = sureness(said.confidence)
    return said_word(said) if sure == "–" else f"{said_word(said)}, {sure}"


def _report(said: ReportSaid) -> str:
    return f"{safe_text(said.app_id, NAME_LIMIT)} {safe_text(said.session_id, NAME_LIMIT)}"


def _name(name: Name) -> str:
    return place(name.host, name.port, name.transport)


def _finding(one: FindingSaid) -> str:
    return f"{safe_text(one.id, 40)} {safe_text(one.level, 40)} at {WHOLE_APP if one.endpoint is None else _name(one.endpoint)}: {safe_text(one.title)}"


def _name_json(name: Name) -> Json:
    return {"host": name.host, "port": name.port, "transport": name.transport}


def _said_json(said: EndpointSaid | None) -> Json | None:
    if said is None:
        return None
    return {
        "verdict": said.verdict.value,
        "confidence": said.confidence.value,
        "rule_id": said.rule_id,
        "reason": said.reason,
        "refused": said.refused,
        "accepted": said.accepted,
    }


def _finding_json(one: FindingSaid) -> Json:
    return {
        "id": one.id,
        "level": one.level,
        "title": one.title,
        "endpoint": None if one.endpoint is None else _name_json(one.endpoint),
    }
