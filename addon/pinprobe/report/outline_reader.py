"""The outline of a report.json, read with care, since a file may hold anything. Pure."""

from typing import Any

from pinprobe.attempts import Endpoint
from pinprobe.findings import Finding, Level
from pinprobe.report.careful import NoReport, check_version, count_in, list_in, text_in
from pinprobe.report.json_chain import seconds_in
from pinprobe.report.json_declared import app_in, host_in
from pinprobe.report.model import Owner
from pinprobe.report.notices import Notice
from pinprobe.report.outline import EndpointOutline, Outline
from pinprobe.report.owners import owner_word
from pinprobe.signals import Signal, State
from pinprobe.verdicts import Confidence, Judgement, Verdict

Json = dict[str, Any]


def outline_by(document: Any) -> Outline:
    """Read a report's JSON form, but for its policy. Raises NoReport for what is none, or was written by a newer version."""
    check_version(document)
    try:
        return _outline(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise NoReport(f"not a pinprobe report: {error!r:.200}") from error
    except ValueError as error:
        raise NoReport(f"not a pinprobe report: {error}") from error


def _outline(document: Json) -> Outline:
    session = document["session"]
    return Outline(
        app_id=text_in(document["app"]["id"]),
        label=text_in(document["app"]["label"]),
        session_id=text_in(session["id"]),
        ended_at=_text_or_none(session["ended_at"]),
        started_s=seconds_in(session["started_at"]),
        tool_version=text_in(session["versions"]["pinprobe"]),
        first_party=_texts(session["first_party"]),
        sentence=text_in(document["summary"]["sentence"]),
        endpoints=tuple(_endpoint(one) for one in list_in(document["endpoints"])),
        findings=tuple(_finding(one) for one in list_in(document["findings"])),
        notices=tuple(_notice(one) for one in list_in(document["notices"])),
        policy=None,
        declared=app_in(document["declared"], text_in(document["app"]["id"])) if "declared" in document else None,
    )


def _endpoint(one: Json) -> EndpointOutline:
    owner = one["owner"]
    return EndpointOutline(
        judgement=Judgement(
            endpoint=_name(one["endpoint"]),
            verdict=Verdict(one["verdict"]),
            confidence=Confidence(one["confidence"]),
            rule_id=text_in(one["rule_id"]),
            reason=text_in(one["reason"]),
            missing=_texts(one["missing"]),
            signals=tuple(
                Signal(
                    id=text_in(signal["id"]),
                    state=State.PRESENT,
                    count=count_in(signal["count"]),
                    of=count_in(signal["of"]),
                    note=text_in(signal["note"]),
                    cause=text_in(signal.get("cause", "")),
                )
                for signal in list_in(one["signals"])
                if signal["state"] == State.PRESENT
            ),
            stacks=(),
        ),
        owner=owner_word(
            Owner(
                registrable_domain=text_in(owner["registrable_domain"]),
                category=_text_or_none(owner["category"]),
                vendor=_text_or_none(owner["vendor"]),
                first_party=owner["first_party"] is True,
                device=owner["device"] is True,
                first_party_guessed=owner.get("first_party_guessed") is True,
                devices_own=owner.get("devices_own") is True,
            )
        ),
        first_party=owner["first_party"] is True,
        first_party_guessed=owner.get("first_party_guessed") is True,
        devices_own=owner.get("devices_own") is True,
        domain=text_in(owner["registrable_domain"]),
        attempts=count_in(one["attempts_total"]),
        declared=host_in(one["declared"]) if "declared" in one else None,
        pin_material=tuple(
            sorted((text_in(kind), count_in(count)) for kind, count in one.get("pin_material", {}).items())
        ),
    )


def _finding(one: Json) -> Finding:
    return Finding(
        id=text_in(one["id"]),
        level=Level(one["level"]),
        title=text_in(one["title"]),
        endpoints=tuple(_name(name) for name in list_in(one["endpoints"])),
        evidence=text_in(one["evidence"]),
        remedy=text_in(one["remedy"]),
        references=_texts(one["references"]),
    )


def _notice(one: Json) -> Notice:
    return Notice(id=text_in(one["id"]), level=Level(one["level"]), text=text_in(one["text"]))


def _name(name: Json) -> Endpoint:
    return Endpoint(
        app_id=text_in(name["app"]),
        host=text_in(name["host"]),
        port=count_in(name["port"]),
        transport=text_in(name["transport"]),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(text_in(item) for item in list_in(value))


def _text_or_none(value: Any) -> str | None:
    return None if value is None else text_in(value)
