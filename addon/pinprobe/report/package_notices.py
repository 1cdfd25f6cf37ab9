"""What a reader must know of the app's package before believing what rests on it. Pure."""

from collections.abc import Iterator, Sequence

from pinprobe.attempts import UNATTRIBUTED
from pinprobe.evidence import Evidence, package_of, unreached
from pinprobe.findings import Level
from pinprobe.report.declared import some
from pinprobe.report.safe_text import safe_text
from pinprobe.verdicts import Judgement

PROBLEMS_SHOWN = 5
PROBLEM_LIMIT = 200


def package_said(evidence: Evidence, judgements: Sequence[Judgement]) -> Iterator[tuple[str, Level, str]]:
    """Notices as (id, level, text)."""
    session = evidence.session
    if session is None or not evidence.declared:
        return
    own = session.app_id or UNATTRIBUTED
    app_ids = sorted({judgement.endpoint.app_id for judgement in judgements} or {own})
    for app_id in app_ids:
        app = evidence.declared.get(app_id)
        if app is None:
            continue
        if app.of_another_app:
            yield (
                "another_package",
                Level.WARNING,
                f"The package that was given is {safe_text(app.package)}, the app is named {safe_text(app_id)}: what "
                "it declares is held against nothing. Give this app's package, or name the app as its package does: "
                "--set pinprobe_app=PACKAGE.",
            )
        if app.debuggable:
            yield (
                "debuggable_build",
                Level.WARNING,
                "This is a debuggable build, which may trust and enforce otherwise than the one that users have: no "
                "verdict on it is confirmed.",
            )
        its = package_of(evidence, app_id)
        if (
            its is not None
            and session.ca_store == "user"
            and _distrusts(evidence, app_id, its.user_cas or (its.debuggable and its.debug_user_cas))
        ):
            yield (
                "user_cas_not_trusted",
                Level.WARNING,
                "The CA is in the user store, which this app's configuration does not trust: a refusal inside the "
                "handshake says nothing about pinning. Put the CA into the system store.",
            )
        hosts = [judgement.endpoint.host for judgement in judgements]
        missed = [] if its is None else [one.domain for one in unreached(its, hosts)]
        if missed and judgements:
            yield (
                "declared_unreached",
                Level.NOTE,
                f"Pins are declared for hosts that were never contacted, so whether they are enforced is not known: "
                f"{some(missed)}.",
            )
        if app.problems:
            more = len(app.problems) - PROBLEMS_SHOWN
            said = "; ".join(safe_text(one, PROBLEM_LIMIT) for one in app.problems[:PROBLEMS_SHOWN])
            yield (
                "package_problems",
                Level.NOTE,
                f"Of the package: {said}" + (f"; and {more} more." if more > 0 else "."),
            )
    if evidence.endpoints and not any(endpoint.app_id in evidence.declared for endpoint in evidence.endpoints):
        yield (
            "package_without_app",
            Level.WARNING,
            "A package was given, and no connection counts as its app's, so what it declares is held against nothing. "
            "Name the app as its package does: --set pinprobe_app=PACKAGE.",
        )


def _distrusts(evidence: Evidence, app_id: str, base_trusts: bool) -> bool:
    """By every host that was resolved; by the base configuration where none was."""
    resolved = [host for (app, _), host in evidence.hosts_declared.items() if app == app_id]
    return not base_trusts if not resolved else not any("user" in host.anchors for host in resolved)
