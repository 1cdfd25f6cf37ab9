"""Questions that the table of verdicts asks and nothing can answer yet: always unknown, and so never counted."""

from pinprobe.signals.card import Card, Kind, unknown


def _awaited(id: str, kind: Kind, title: str, asks: str, needs: str) -> Card:
    return Card(
        id=id,
        kind=kind,
        title=title,
        asks=asks,
        matters="It decides a row of the table of verdicts.",
        limits=f"Always unknown: it needs {needs}, which this version does not have.",
        evaluate=lambda asked: unknown(f"needs {needs}"),
    )


APK = "the APK"
LOG = "the app's log"

AWAITED: tuple[Card, ...] = (
    _awaited("ct_excluded", Kind.EVIDENCE, "Certificate Transparency is excluded", "Can CT not be the cause?", APK),
    _awaited("declared_pin", Kind.EVIDENCE, "the app declares a pin", "Does the APK declare a pin for this host?", APK),
    _awaited(
        "same_anchors_declared",
        Kind.EVIDENCE,
        "same declared anchors as the canary",
        "Does the APK give this host and the canary the same trust anchors?",
        APK,
    ),
    _awaited("debuggable_build", Kind.EVIDENCE, "the build is debuggable", "Is the tested build debuggable?", APK),
    _awaited(
        "diagnosed_pin", Kind.EVIDENCE, "the app's log names the pin", "Does a log line of the app name a pin?", LOG
    ),
    _awaited(
        "diagnosed_other_cause",
        Kind.EVIDENCE,
        "the app's log names another cause",
        "Does a log line name distrust, Certificate Transparency or the host name?",
        LOG,
    ),
    _awaited(
        "declared_but_not_enforced",
        Kind.STRONG,
        "declared, yet not enforced",
        "Does the APK declare a pin for a host that was decrypted?",
        APK,
    ),
)
