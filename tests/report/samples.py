"""Reports for tests, made through the real pipeline, and the strings that want to break them.

Over 300 lines, so that all worlds that formats are tried on are found in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from tests import builders as make
from tests.experiments import HOUR_S, later

from pinprobe import events as ev
from pinprobe.evidence import evidence_of
from pinprobe.report.joint import build_joint_report
from pinprobe.report.model import Report, build_report
from pinprobe.runs import Run, experiment_of

JOURNAL_SHA256 = "ab" * 32

HOSTILE = {
    "script": "<script>window.pwned=1</script>",
    "attribute": "\" onmouseover=window.pwned=1 x='",
    "end of style": "</style></title></svg></details><img src=x onerror=window.pwned=1>",
    "entity": "&lt;b&gt;&#x202e;",
    "template": "{{ 7*7 }}{% include 'page.html' %}{# x #}",
    "address": "javascript:window.pwned=1",
    "comment": "<!-- --!> ]]> -->",
    "bidi": "moc.elpmaxe\u202e\u2066.evil",
    "controls": "a\x00b\x07c\x1b[31md\r\ne\x7ff\x9bg\u2028h",
    "invisible": "pay\u200bpal\ufeff\u00ad\U000e0041",
    "piled marks": "z" + "\u0336\u030d" * 40,
    "surrogate": "a\ud800b",
    "right to left": "\u05d0\u05d1\u05d2.\u0645\u062b\u0627\u0644",
    "emoji": "\U0001f4a9" * 40,
    "long": "x" * 65536,
    "path": "../../../etc/passwd",
    "formula": "=HYPERLINK(0)",
    "empty": "",
}
"""What a name, label, certificate field or error string may hold, by what it tries."""

_STRUCTURE = {"probe_id", "closed_by", "chain_id"}
"""Fields that decide what an event means; a hostile journal may change them too, but then it is another story."""


def report_of(*connections: Sequence[ev.Event], **of_session: Any) -> Report:
    """The report of one app's journal."""
    return report_of_events(make.journal(*connections, **of_session))


def report_of_events(events: Sequence[ev.Event]) -> Report:
    """The report of the first app in these events."""
    evidence = evidence_of(events)
    return build_report(evidence, evidence.apps()[0], JOURNAL_SHA256)


def times(count: int, connection: make.Events) -> list[make.Events]:
    """The same connection again and again."""
    return [connection] * count


def every_verdict(**of_session: Any) -> Report:
    """A world where every verdict occurs, with owners, findings and notices."""
    m = make
    old = "old.example.com"
    return report_of(
        m.host_known("api.example.com", "example.com"),
        m.host_known("login.example.com", "example.com"),
        m.host_known(old, "example.com"),
        m.host_known("files.example.com", "example.com"),
        m.host_known("metrics.example.net", "example.net", category="analytics", vendor="Example Metrics"),
        m.host_known("ads.example.org", "example.org", category="ads", vendor="Example Ads"),
        m.host_known("connectivity.example", "connectivity.example", category="os"),
        *times(6, m.accepted("metrics.example.net")),
        *times(2, m.refused_unknown_ca("metrics.example.net")),
        *times(4, m.refused_alert("api.example.com")),
        *times(3, m.relayed_ok("api.example.com")),
        *times(6, m.pinned_after_handshake("login.example.com")),
        *times(3, m.relayed_ok("login.example.com")),
        *times(2, m.refused_unknown_ca("login.example.com")),
        *times(2, m.accepted_unknown_ca("ads.example.org")),
        *times(2, m.accepted("ads.example.org")),
        *times(3, m.refused_alert("flutter.example.net", stack=m.FLUTTER, alert=48)),
        *times(3, m.relayed_ok("flutter.example.net", stack=m.FLUTTER)),
        *(connection for _ in range(3) for connection in (m.refused_alert(old), m.cleartext(old))),
        *times(7, m.relayed_ok(old)),
        m.accepted("files.example.com"),
        m.refused_alert("files.example.com"),
        *times(2, m.upstream_failed("down.example.org")),
        *times(2, m.relayed_ok("connectivity.example")),
        *times(3, m.accepted("xn--bcher-kva.example")),
        m.quic("video.example.net"),
        m.accepted("cdn.example.net", authority="img.example.net"),
        m.tool_failed(),
        **{"ca_store": "system", "first_party": ("example.com",), **of_session},
    )


def every_reading(**of_session: Any) -> Report:
    """A device that distrusts the CA: pins in the trust manager, none, a blind client, and chains of no use."""
    m = make
    pinned, leaf, plain, deaf = "login.example.com", "pay.example.com", "sdk.example.net", "video.example.net"
    foreign = ("one.example.org", "two.example.org")
    refusing = [
        c for host in (pinned, leaf, plain) for c in (*times(3, m.refused_alert(host)), *times(2, m.relayed_ok(host)))
    ]
    shown = [
        *times(2, m.replayed(pinned)),
        *times(2, m.replayed(pinned, kind="sibling", of="cdn.example.com")),
        *times(2, m.replayed(leaf)),
        *times(2, m.replayed(leaf, kind="sibling", of="cdn.example.com", alert=46)),
        *times(2, m.replayed(plain)),
        *times(2, m.replayed(plain, kind="foreign", of="cdn.example.com")),
    ]
    for of in foreign:
        shown += times(2, m.replayed(pinned, kind="foreign", of=of, alert=46))
        shown += times(2, m.replayed(leaf, kind="foreign", of=of, alert=46))
        shown += times(2, m.replayed(plain, kind="foreign", of=of))
    deafly: dict[str, Any] = {"stack": m.FLUTTER, "alert": 48}
    return report_of(
        *(m.chain_known(host) for host in (pinned, leaf, "cdn.example.com")),
        m.chain_known(plain, "Other Trust"),
        m.chain_known(foreign[0], "First Trust", source="file"),
        m.chain_known(foreign[1], "Second Trust"),
        m.chain_known("old.example.org", "First Trust", source="file", refused="“CN=old” expired on 2020-01-01"),
        *refusing,
        *shown,
        *times(3, m.refused_alert(deaf, **deafly)),
        *times(2, m.relayed_ok(deaf, stack=m.FLUTTER)),
        *times(2, m.replayed(deaf, **deafly)),
        **{"ca_store": "user", "probes": ("expired",), **of_session},
    )


def several_runs() -> Report:
    """Four runs of one app: without interception, and with its CA in no store, the user store, the system store."""
    m = make
    plain, pinned, browser, lax = "api.example.com", "login.example.com", "web.example.com", "sdk.example.net"
    hosts = (plain, pinned, browser, lax)
    known = [m.host_known(host, "example.com") for host in hosts[:3]]
    control = [*known, *(connection for host in hosts for connection in times(2, m.relayed_ok(host)))]

    def refusing(*names: str) -> list[make.Events]:
        return [c for host in names for c in (*times(3, m.refused_alert(host)), *times(2, m.relayed_ok(host)))]

    def accepting(*names: str) -> list[make.Events]:
        return [c for host in names for c in times(3, m.accepted(host))]

    scenes: list[tuple[str, list[make.Events]]] = [
        ("unknown", control),
        ("none", [*known, *refusing(plain, pinned, browser), *accepting(lax)]),
        ("user", [*known, *refusing(plain, pinned), *accepting(browser, lax)]),
        ("system", [*known, *refusing(pinned, browser), *accepting(plain, lax), m.quic(plain)]),
    ]
    return joint_report_of(
        *(
            later(
                m.journal(
                    *connections,
                    session_id=f"run-{number}",
                    ca_store=store,
                    first_party=("example.com",),
                    label="1.0",
                ),
                HOUR_S * number,
            )
            for number, (store, connections) in enumerate(scenes)
        )
    )


def joint_report_of(*journals: Sequence[ev.Event]) -> Report:
    """The report of these sessions together."""
    runs = [
        Run(evidence=evidence_of(events), journal_sha256=f"{number:064x}")
        for number, events in enumerate(journals, start=1)
    ]
    experiment = experiment_of(runs)
    return build_joint_report(experiment, experiment.app_ids[0])


def hostile_runs(text: str) -> Report:
    """Two runs where every word that comes from elsewhere is this one, but for the ids of the sessions."""
    m = make
    journals = []
    for number in (1, 2):
        events = [_poisoned(event, text) for event in m.journal(m.accepted("h"), m.refused_alert("h"), m.tool_failed())]
        started = replace(events[0], session_id=f"{text[:1000]}{number}", phase=ev.TEST)
        journals.append([started, *events[1:]])
    return joint_report_of(*journals)


def every_degradation(**of_session: Any) -> Report:
    """An app that does something else instead of failing, in many ways, beside a control phase."""
    m = make
    api, login, late, leaky = "api.example.com", "login.example.com", "late.example.com", "leaky.example.com"
    told, mute, backup, gone = "told.example.com", "mute.example.com", "backup.example.net", "gone.example.com"
    longer = [*m.relayed_ok(leaky)[:-1], m.closed(9.0, client_bytes=9000)]
    return report_of(
        *(m.host_known(host, "example.com") for host in (api, login, late, leaky, told, mute, gone)),
        m.host_known(backup, "example.net"),
        m.relayed_ok("time.android.com"),
        m.marked("control"),
        *times(8, m.relayed_ok(gone)),
        m.marked("test"),
        m.refused_alert(api),
        m.cleartext(api),
        *(c for _ in range(3) for c in (m.refused_alert(api), m.cleartext(api, repeats=21))),
        *times(9, m.relayed_ok(api)),
        m.refused_alert(login),
        m.accepted(backup),
        *(c for _ in range(3) for c in (m.refused_alert(login), m.inside(m.accepted(backup), *m.repeated(38)))),
        *times(9, m.relayed_ok(login)),
        *times(3, m.accepted(late)),
        *times(3, m.refused_alert(late)),
        *times(9, m.inside(m.accepted(leaky, requests=1), m.answered(200))),
        *times(3, longer),
        *times(2, m.inside(m.accepted(told), m.policy_header(host=told))),
        m.pin_report(told),
        *times(3, m.silent(mute)),
        *times(4, m.relayed_ok(mute)),
        **{"phase": "idle", "label": "v1", "first_party": ("example.com",), "every_s": 4.0, **of_session},
    )


def every_declaration(**of_session: Any) -> Report:
    """An app whose package was read: pins that are enforced, that are not, of the code, of nobody, and never reached."""
    m = make
    api, login, old, www = "api.example.com", "login.example.com", "old.example.com", "www.example.com"
    side, plain, new = "side.example.com", "plain.example.com", "new.example.com"
    cdn, day_s = "metrics.example.net", m.DAY_S
    return report_of(
        *(m.host_known(host, "example.com") for host in (api, login, old, www, side, plain, new)),
        m.host_known(cdn, "example.net", category="analytics", vendor="Example Metrics"),
        m.package(
            pin_sets=(
                m.pin_set(api, m.CA_PIN, m.OTHER_PIN, expires_s=m.START_S + 60 * day_s),
                m.pin_set(old, m.LEAF_PIN, expires_s=m.START_S - 30 * day_s),
                m.pin_set("*.side.example.com", m.ROOT_PIN),
                m.pin_set("pay.example.com", "A" * 43 + "=", include_subdomains=True),
            ),
            code_pins=(m.code_pin(m.CA_PIN, where="assets/pins.json"), m.code_pin("x", algorithm="sha1")),
            libraries=("okhttp",),
            problems=("lib/x86/libx.so is damaged",),
        ),
        m.declares(api, m.CA_PIN, m.OTHER_PIN, expires_s=m.START_S + 60 * day_s),
        m.declares(login),
        m.declares(old, m.LEAF_PIN, expires_s=m.START_S - 30 * day_s),
        m.declares(www),
        m.declares(side, meant_pins=(m.ROOT_PIN,), meant_why="never_matches"),
        m.declares(plain),
        m.declares(cdn),
        *times(6, m.accepted(cdn)),
        *times(2, m.refused_unknown_ca(cdn)),
        *times(4, m.refused_alert(api)),
        *times(3, m.relayed_ok(api)),
        *times(4, m.pinned_after_handshake(login)),
        *times(3, m.relayed_ok(login)),
        *times(2, m.refused_unknown_ca(login)),
        *times(3, m.accepted(old)),
        *times(3, m.accepted(www)),
        m.inside(m.accepted(plain), m.pin_material(plain)),
        *times(2, m.accepted(side)),
        *times(2, m.upstream_failed(new)),
        **{
            "ca_store": "system",
            "first_party": ("example.com",),
            "device": "emulator",
            "android_api": 34,
            **of_session,
        },
    )


def declared_distrust() -> Report:
    """The CA is in the user store, which the app's configuration does not trust: refusals that say nothing of pins."""
    m = make
    api = "api.example.com"
    return report_of(
        m.host_known(api, "example.com"),
        m.package(debuggable=True),
        m.declares(api, m.LEAF_PIN),
        *times(4, m.refused_alert(api)),
        *times(3, m.relayed_ok(api)),
        ca_store="user",
        first_party=("example.com",),
    )


def hostile(text: str) -> Report:
    """A report where every word that comes from elsewhere is this one."""
    m = make
    connections = [
        m.host_known("h", "h", category="c", vendor="v"),
        *times(2, m.accepted("h")),
        *times(2, m.refused_alert("h")),
        m.relayed_ok("h"),
        m.upstream_failed("h"),
        m.accepted_unknown_ca("h"),
        m.chain_known("h", refused="r"),
        *times(2, m.replayed("h")),
        *times(2, m.replayed("h", kind="foreign", of="h")),
        m.quic("h"),
        m.cleartext("h"),
        m.pin_report("h"),
        m.inside(m.accepted("h"), m.policy_header(), m.answered(500)),
        m.lookup("h"),
        m.marked("test"),
        m.package(
            pin_sets=(m.pin_set("h", "p"),),
            code_pins=(m.code_pin("p"),),
            certificates=(
                ev.EmbeddedCertificate(subject="s", pin_sha256="p", not_after_s=0.0, is_ca=False, where="w"),
            ),
            libraries=("l",),
            problems=("p",),
        ),
        m.declares("h", "p", meant_pins=("p",), overrides=("o",), meant_why="shadowed"),
        m.inside(m.accepted("h"), m.pin_material("h")),
        m.tool_failed(),
    ]
    return report_of_events([_poisoned(event, text) for event in m.journal(*connections, first_party=("h",))])


def _poisoned(thing: Any, text: str) -> Any:
    return replace(
        thing,
        **{f.name: _word(getattr(thing, f.name), text) for f in fields(thing) if f.name not in _STRUCTURE},
    )


def _word(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(_word(item, text) for item in value)
    nested = (ev.Certificate, ev.DeclaredPins, ev.CodePin, ev.EmbeddedCertificate)
    return _poisoned(value, text) if isinstance(value, nested) else value
