"""What a package declares, as lines for people and as JSON for programs. Other people's words are made harmless."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pinprobe.events import AppDeclared, CodePin, HostDeclared
from pinprobe.libraries import Library, known
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.report.times import day

if TYPE_CHECKING:
    from pinprobe.declared import Declared
    from pinprobe.declared.nsc import Anchor, Config, SecurityConfig

Hosts = Sequence[tuple[str, HostDeclared | None]]
"""Each host that was asked for, with Android's answer; None where the package does not tell."""

_CAN = ("pins", "does_ct", "own_roots", "exempts_user_cas", "ignores_proxy")


def as_text(declared: "Declared", app: AppDeclared, hosts: Hosts, now_s: float) -> str:
    """Blocks of lines, the last one ended. `now_s`: Unix time, for what is expired."""
    blocks = [
        ("", list(_about(app, declared.known))),
        ("Network Security Config", list(_config(declared, app, now_s))),
        ("Pins in code and data", [_code_pin(pin) for pin in app.code_pins]),
        ("Certificates", list(_certificates(app, now_s))),
        ("Libraries", [_library(library) for library in known(app.libraries)]),
        ("Hosts", [line for host, answer in hosts for line in _host(host, answer, now_s)]),
        ("Problems", [safe_text(problem) for problem in app.problems]),
    ]
    wanted = {"Hosts": bool(hosts), "Problems": bool(app.problems)}
    shown = []
    for title, lines in blocks:
        if wanted.get(title, True):
            indented = [f"  {line}" for line in lines or ["none found"]] if title else lines
            shown.append("\n".join([*([f"{title}:"] if title else []), *indented]))
    return "\n\n".join(shown) + "\n"


def as_json(declared: "Declared", app: AppDeclared, hosts: Hosts, now_s: float) -> str:
    """The facts by the names that the journal gives them, and the configuration as it is written."""
    config = declared.config
    told: dict[str, Any] = {
        "app": _fact(app),
        "configuration_known": declared.known,
        "configurations": [] if config is None else [_written(one) for one in _configs(config)],
        "hosts": [{"host": host, "declared": None if answer is None else _fact(answer)} for host, answer in hosts],
        "libraries": [_described(library) for library in known(app.libraries)],
    }
    return json.dumps(told, indent=2) + "\n"


def _about(app: AppDeclared, known: bool) -> Iterator[str]:
    code = "" if app.version_code is None else f" ({app.version_code})"
    yield f"{safe_text(app.package, NAME_LIMIT)} {safe_text(app.version_name, NAME_LIMIT)}{code}"
    yield f"target SDK {app.target_sdk}, min SDK {app.min_sdk if app.min_sdk is not None else 'not said'}" + (
        ", debuggable: not the build that users get" if app.debuggable else ""
    )
    yield f"SHA-256 {app.apk_sha256}"
    if not known:
        yield "cleartext and user-added CAs: not known, see the problems"
        return
    yield f"cleartext is {'permitted' if app.cleartext else 'not permitted'} by default"
    yield f"user-added CAs are {'trusted' if app.user_cas else 'not trusted'} by default" + (
        "; debug-overrides trust them in debuggable builds" if app.debug_user_cas and not app.user_cas else ""
    )


def _config(declared: "Declared", app: AppDeclared, now_s: float) -> Iterator[str]:
    if declared.config is None:
        yield "none: the platform's defaults hold" if declared.known else "not known, see the problems"
        return
    yield safe_text(app.nsc)
    for config in _configs(declared.config):
        yield _titled(config)
        yield from (f"  {line}" for line in _lines(config, declared, now_s))


def _configs(config: "SecurityConfig") -> "list[Config]":
    ends = [one for one in (config.base, config.debug) if one is not None]
    return [*ends[:1], *config.domains, *ends[1:]]


def _titled(config: "Config") -> str:
    names = [f"{one.name}{' and below' if one.include_subdomains else ''}" for one in config.domains]
    inside = f", inside the one of {config.parent.domains[0].name}" if config.parent and config.parent.domains else ""
    return safe_text(f"{config.kind} {', '.join(names)}".rstrip() + inside)


def _lines(config: "Config", declared: "Declared", now_s: float) -> Iterator[str]:
    said = False
    if config.anchors is not None:
        said = True
        yield f"trusts {', '.join(_anchor(one, declared) for one in config.anchors) or 'nothing'}"
    for value, words in ((config.cleartext, "cleartext"), (config.ct, "Certificate Transparency")):
        if value is not None:
            said = True
            yield f"{words}: {'on' if value else 'off'}"
    if config.pin_set is not None:
        said = True
        yield f"pins{_until(config.pin_set.expires_s, now_s)}:" if config.pin_set.pins else "an empty set: no pins"
        yield from (f"  {pin}" for pin in config.pin_set.pins)
    if config.trustkit:
        said = True
        yield f"TrustKit: {'enforces' if config.enforced_by_trustkit else 'only reports, and does not enforce'}"
    if not said:
        yield "says nothing of its own"


def _anchor(anchor: "Anchor", declared: "Declared") -> str:
    name = anchor.source
    if anchor.resource:
        name = f"certificates of its own ({', '.join(declared.raw.get(anchor.resource, ())) or 'not found'})"
    return f"{name}, exempt from pins" if anchor.overrides_pins else name


def _code_pin(pin: CodePin) -> str:
    host = f" beside {safe_text(pin.host, NAME_LIMIT)}" if pin.host else ""
    return f"{pin.algorithm}/{pin.pin} in {safe_text(pin.where)}{host}"


def _certificates(app: AppDeclared, now_s: float) -> Iterator[str]:
    for one in app.certificates:
        kind = "CA " if one.is_ca else ""
        yield f"{kind}{safe_text(one.subject) or 'without a name'}{_until(one.not_after_s, now_s)}"
        yield f"  sha256/{one.pin_sha256} in {safe_text(one.where)}"


def _library(library: Library) -> str:
    return f"{library.title}: {library.means}"


def _host(host: str, answer: HostDeclared | None, now_s: float) -> Iterator[str]:
    if answer is None:
        yield f"{safe_text(host)}: not known, see the problems"
        return
    yield f"{safe_text(host)}: {safe_text(answer.config)}"
    exempt = f"; exempt from pins: {', '.join(answer.overrides)}" if answer.overrides and answer.pins else ""
    yield f"  trusts {', '.join(answer.anchors) or 'nothing'}{exempt}"
    if answer.pins:
        report_only = ", TrustKit only reports" if answer.report_only else ""
        yield f"  pins{_until(answer.expires_s, now_s)}{report_only}: {', '.join(answer.pins)}"
    else:
        yield "  no pins"
    if answer.meant_pins:
        yield f"  pins that seem meant for it and do not reach it: {_WHY[answer.meant_why]}"
    ct = "as the platform decides" if answer.ct == "default" else answer.ct
    yield f"  cleartext {'permitted' if answer.cleartext else 'not permitted'}; Certificate Transparency {ct}"


_WHY = {
    "shadowed": "another domain-config names this host, and has none",
    "never_matches": "no host ever has the name that they are given to",
}


def _until(expires_s: float | None, now_s: float) -> str:
    if expires_s is None:
        return ""
    return f", expired since {day(expires_s)}" if expires_s <= now_s else f", until {day(expires_s)}"


def _fact(event: AppDeclared | HostDeclared) -> dict[str, Any]:
    """Without its time, which is now."""
    fields = asdict(event)
    del fields["at_s"]
    return fields


def _written(config: "Config") -> dict[str, Any]:
    return {
        "kind": config.kind,
        "domains": [asdict(one) for one in config.domains],
        "inside": [one.name for one in config.parent.domains] if config.parent else [],
        "anchors": None if config.anchors is None else [asdict(one) for one in config.anchors],
        "pins": None if config.pin_set is None else list(config.pin_set.pins),
        "expires_s": None if config.pin_set is None else config.pin_set.expires_s,
        "cleartext": config.cleartext,
        "certificate_transparency": config.ct,
        "trustkit": config.trustkit,
        "trustkit_enforces": config.enforced_by_trustkit if config.trustkit else None,
    }


def _described(library: Library) -> dict[str, Any]:
    return {
        "id": library.id,
        "title": library.title,
        "means": library.means,
        **{field: getattr(library, field) for field in _CAN},
    }
