"""Can Certificate Transparency be ruled out as the cause of a refusal?"""

from pinprobe.signals.card import Answer, Asked, Card, Kind, State, present_if, unknown
from pinprobe.signals.package import MAYBE_ANOTHERS, app_of, host_of, libraries_of, not_read, not_whole
from pinprobe.signals.peers import may_be_anothers
from pinprobe.signals.replay import Element, read_replays

PLATFORM_CT_SINCE = 36
"""Android 16's API level, the first whose platform can enforce CT for apps."""


def _excluded(asked: Asked) -> Answer:
    reading = read_replays(asked)
    if reading is not None and reading.element is not Element.BLIND:
        return present_if(True, note="genuine chains were judged, which carry what CT asks for")
    app, host, session = app_of(asked), host_of(asked), asked.evidence.session
    if app is None or session is None:
        return not_read(asked)
    if may_be_anothers(asked.evidence, asked.endpoint):
        return unknown(MAYBE_ANOTHERS)
    checkers = [library for library in libraries_of(app) if library.does_ct]
    anchored = host is not None and session.ca_store == "user" and "user" in host.anchors and host.ct != "on"
    if anchored:
        # What exempts user-added CAs from its CT does so here.
        checkers = [library for library in checkers if not library.exempts_user_cas]
    if checkers:
        return Answer(state=State.ABSENT, note=f"the app brings {checkers[0].title}, which can check it")
    if why := not_whole(app):
        return unknown(why)
    if anchored:
        return present_if(True, note="the configuration trusts user-added CAs here, which turns it off")
    if session.android_api is not None and session.android_api < PLATFORM_CT_SINCE:
        return present_if(True, note=f"API level {session.android_api}, and no library that checks it was found")
    if host is not None and host.ct == "on":
        return Answer(state=State.ABSENT, note="the configuration asks for it")
    if session.android_api is None:
        return unknown("needs the device's API level: --set pinprobe_android_api=N")
    return unknown(f"API level {session.android_api} can enforce it")


CT_EXCLUDED = Card(
    id="ct_excluded",
    kind=Kind.EVIDENCE,
    title="Certificate Transparency is excluded",
    asks="Is it certain that the refusals are not Certificate Transparency: the configuration trusts user-added CAs for "
    "this host and ours is one, or the device's API level is below 36, with no library in the package that checks it; "
    "or were genuine chains replayed and read?",
    matters="CT fails exactly like a pin.",
    limits="Code that is hidden, or loaded at run time, may check it all the same.",
    evaluate=_excluded,
)
