"""The ways to pin or not to, side by side: APPROACHES, the table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Approach:
    """One way, and what becomes of it."""

    id: str
    title: str
    protects: str
    """Against whom."""
    renewal: str
    """When the server's certificate is renewed."""
    new_ca: str
    """When another CA, or another key of the same one, issues it."""
    compromise: str
    """When a key falls into wrong hands."""
    cost: str


APPROACHES: tuple[Approach, ...] = (
    Approach(
        id="none",
        title="no pins",
        protects="nobody beyond what every client checks: any trusted CA may issue for the host, and be seen in "
        "Certificate Transparency logs",
        renewal="nothing happens",
        new_ca="nothing happens",
        compromise="the certificate is revoked and replaced; clients hardly notice either",
        cost="none. The right choice for most apps: watch the logs for your domains, and name your CAs in CAA records",
    ),
    Approach(
        id="leaf",
        title="static, the leaf's key",
        protects="against every CA, the own one included, that issues for another key",
        renewal="works where the key is kept; with a new key, which most automation makes, every installed app fails",
        new_ca="works where the key is kept",
        compromise="the app must be updated before the key can be given up: an outage, or a known key that goes on",
        cost="highest: the server's operators are bound to the app's releases",
    ),
    Approach(
        id="intermediate",
        title="static, the issuing intermediate or a CA",
        protects="against every other CA; the pinned one may still issue for somebody else",
        renewal="works, whatever the key, while the CA issues from this intermediate",
        new_ca="every installed app fails; some CAs change intermediates without notice",
        compromise="of the leaf's key: replaced without touching the app; of the CA's: every installed app fails",
        cost="moderate: follow the CA's notices, and update the app before the change",
    ),
    Approach(
        id="intermediate_with_backup",
        title="the issuing intermediate, with a backup and an end",
        protects="as before; a backup that is the CA's root lets more of the same CA's intermediates in",
        renewal="works",
        new_ca="works under the backup: a root covers the same CA, a key of your own, kept offline, any CA",
        compromise="switch the server to the backup at once, then ship a new set",
        cost="a key kept safe and offline, a day in the calendar: after the set's end Android checks no pins",
    ),
    Approach(
        id="dynamic",
        title="dynamic: pins fetched at run time",
        protects="as the pins of the day do, from the second start on; the first fetch must be protected by a signature "
        "that the app checks",
        renewal="works once the new pins were fetched",
        new_ca="works once the new pins were fetched",
        compromise="new pins are published; apps that were offline fail until they fetch them",
        cost="a service of its own, a signing key to guard, and a way out for apps that cannot reach it; unsigned, it lets "
        "an attacker choose the pins",
    ),
)

ADVISED = "intermediate_with_backup"
"""What the snippets are."""
IN_SHORT = "Renewals go on working; a new intermediate works under the backup alone."
"""The same in a line, for a row of the report."""
