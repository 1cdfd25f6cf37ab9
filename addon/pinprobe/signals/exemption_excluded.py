"""Is it certain that a CA in the user store is not exempt from the app's pins?"""

from dataclasses import replace

from pinprobe.signals.card import Answer, Asked, Card, Kind, State, present_if, unknown
from pinprobe.signals.package import MAYBE_ANOTHERS, app_of, host_of, libraries_of, not_read, not_whole
from pinprobe.signals.peers import may_be_anothers


def _excluded(asked: Asked) -> Answer:
    app, host, session = app_of(asked), host_of(asked), asked.evidence.session
    store = "unknown" if session is None else session.ca_store
    if store == "system":
        return present_if(True, note="the CA is in the system store")
    if app is None:
        missing = not_read(asked)
        return replace(missing, note=f"{missing.note}, or the system store")
    if store == "none":
        return unknown("the CA is in no store")
    if host is None:
        return not_read(asked)
    if may_be_anothers(asked.evidence, asked.endpoint):
        return unknown(MAYBE_ANOTHERS)
    if app.debuggable:
        return Answer(state=State.ABSENT, note="the build is debuggable")
    if exempt := next((library for library in libraries_of(app) if library.exempts_user_cas), None):
        return Answer(state=State.ABSENT, note=f"{exempt.title} exempts user-added CAs by default")
    if host.overrides:
        return Answer(state=State.ABSENT, note=f"overridePins for {', '.join(host.overrides)}")
    if "user" not in host.anchors:
        return Answer(state=State.ABSENT, note="the configuration does not trust user-added CAs: it is gone around")
    if why := not_whole(app):
        return unknown(why)
    return present_if(True, note="the configuration trusts user-added CAs and exempts none from pins")


EXEMPTION_EXCLUDED = Card(
    id="exemption_excluded",
    kind=Kind.EVIDENCE,
    title="no exemption of user-added CAs",
    asks="Is our CA in the system store; or does the package's configuration trust user-added CAs for this host without "
    "overridePins, in a build that is not debuggable and has no library that exempts them?",
    matters="Else a pin that exempts user-added CAs is not excluded where something was decrypted.",
    limits="Code that is hidden, or loaded at run time, may exempt them all the same.",
    evaluate=_excluded,
)
