"""Is the tested build a debuggable one?"""

from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.signals.package import NO_PACKAGE, any_app_of


def _debuggable(asked: Asked) -> Answer:
    app = any_app_of(asked)
    return unknown(NO_PACKAGE) if app is None else present_if(app.debuggable)


DEBUGGABLE_BUILD = Card(
    id="debuggable_build",
    kind=Kind.EVIDENCE,
    title="the build is debuggable",
    asks="Does the package's manifest say debuggable?",
    matters="Such a build may trust and enforce otherwise than the one that users have: no verdict on it is confirmed.",
    limits="That the package that was read is the one that runs on the device is assumed.",
    evaluate=_debuggable,
)
