"""EVENTS, the table of all facts, and their JSON form: a journal line is one of them with its type tag."""

import json
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from pinprobe.events.again import Again
from pinprobe.events.base import Certificate, Event
from pinprobe.events.declared import (
    AppDeclared,
    CodePin,
    DeclaredPins,
    DiagnosticSeen,
    EmbeddedCertificate,
    HostDeclared,
    PinMaterialSeen,
)
from pinprobe.events.facts import (
    AlertReceived,
    AlertSent,
    AppAttributed,
    ApplicationDataSeen,
    AroundSeen,
    AttributionChecked,
    CertificateSent,
    CleartextSeen,
    ClientHelloSeen,
    ConnectionClosed,
    ConnectionOpened,
    DatagramSeen,
    ExchangeRepeated,
    HandshakeEstablished,
    HandshakeFailed,
    HostKnown,
    Marked,
    NameResolved,
    PinReportSeen,
    PolicyHeaderSeen,
    ProbeApplied,
    RecordingStopped,
    Relayed,
    ReplayChainKnown,
    RequestSeen,
    ResponseSeen,
    ServerChainSeen,
    ServerFailed,
    SessionEnded,
    SessionStarted,
    ToolFailed,
    UserAgentSeen,
)
from pinprobe.events.forms import LARGEST, Form

PARTS: tuple[type[Any], ...] = (Certificate, DeclaredPins, CodePin, EmbeddedCertificate)
"""What events may hold beside plain values."""

EVENTS: tuple[type[Event], ...] = (
    SessionStarted,
    SessionEnded,
    RecordingStopped,
    Marked,
    ConnectionOpened,
    AppAttributed,
    AroundSeen,
    AttributionChecked,
    UserAgentSeen,
    ClientHelloSeen,
    ProbeApplied,
    CertificateSent,
    AlertSent,
    AlertReceived,
    ServerChainSeen,
    ServerFailed,
    HandshakeEstablished,
    HandshakeFailed,
    ApplicationDataSeen,
    RequestSeen,
    ResponseSeen,
    ExchangeRepeated,
    PinReportSeen,
    PolicyHeaderSeen,
    Relayed,
    ConnectionClosed,
    CleartextSeen,
    DatagramSeen,
    NameResolved,
    HostKnown,
    PinMaterialSeen,
    AppDeclared,
    HostDeclared,
    DiagnosticSeen,
    ReplayChainKnown,
    ToolFailed,
)


class EventError(ValueError):
    """A line that is not one of our events."""


_KINDS: tuple[type[Any], ...] = (*EVENTS, *PARTS)
_FIELD_TYPES: dict[type[Any], dict[str, Any]] = {kind: typing.get_type_hints(kind) for kind in _KINDS}
_FIELD_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in _KINDS}
_NEEDED = {kind: {f.name for f in fields(kind) if f.default is MISSING} for kind in _KINDS}
_DECODER = json.JSONDecoder()


def to_json(event: Event) -> str:
    """One journal line, without its newline; ASCII, so that a terminal escape in a name stays inert."""
    record: dict[str, Any] = {"type": type(event).__name__}
    for name in _FIELD_NAMES[type(event)]:
        record[name] = getattr(event, name)
    return _ENCODE(record)


def from_json(line: str | bytes) -> Event:
    """Read one journal line back. Raises `EventError` for anything that `to_json` cannot have written."""
    if isinstance(line, bytes) and (again := _AGAIN.read(line)) is not None:
        return again
    try:
        record = _parsed(line)
    except (ValueError, RecursionError) as error:
        raise EventError(f"not JSON: {error}") from error
    if not isinstance(record, dict):
        raise EventError("not a JSON object")
    name = record.pop("type", None)
    form = _FORMS.get(name) if isinstance(name, str) else None
    if form is None:
        raise EventError("no known event type")
    values = form.values(record)
    event: Event = _build(form.kind, record) if values is None else form.make(*values)
    return event


def _parsed(line: str | bytes) -> Any:
    """What `to_json` wrote is read the short way; `json.loads` takes whatever else is JSON, and says what is not."""
    try:
        text = line if isinstance(line, str) else str(line, "ascii")
        record, end = _DECODER.raw_decode(text)
        if text[end:] in {"", "\n"}:
            return record
    except (ValueError, RecursionError):
        pass
    return json.loads(line)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {name: getattr(value, name) for name in _FIELD_NAMES[type(value)]}
    raise TypeError(f"{type(value).__name__} has no place in an event")


_ENCODE = json.JSONEncoder(default=_plain, separators=(",", ":")).encode
"""Made once: `json.dumps` would make one for each event."""


def _build(kind: type[Any], record: Any) -> Any:
    if not isinstance(record, dict):
        raise EventError(f"{kind.__name__}: not an object")
    expected = _FIELD_TYPES[kind]
    if unknown := record.keys() - expected.keys():
        raise EventError(f"{kind.__name__}: unknown field {min(unknown)!r}")
    if missing := _NEEDED[kind] - record.keys():
        raise EventError(f"{kind.__name__}: missing field {min(missing)!r}")
    return kind(**{name: _value(f"{kind.__name__}.{name}", expected[name], value) for name, value in record.items()})


def _value(where: str, hint: Any, value: Any) -> Any:
    if isinstance(hint, types.UnionType):
        if value is None:
            return None
        hint = next(part for part in hint.__args__ if part is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise EventError(f"{where}: not a list")
        return tuple(_value(where, hint.__args__[0], item) for item in value)
    if hint is float and type(value) in {int, float} and not abs(value) < LARGEST:
        raise EventError(f"{where}: no time or number that a journal can hold")
    if hint is float and type(value) is int:
        return float(value)
    if hint in PARTS:
        return _build(hint, value)
    if type(value) is not hint:
        raise EventError(f"{where}: {type(value).__name__} where {hint.__name__} belongs")
    return value


_FORMS = {event.__name__: Form(event, _FIELD_TYPES[event]) for event in EVENTS}
_AGAIN = Again(_FORMS, _parsed)
