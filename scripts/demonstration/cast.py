"""The parts of the app, who can play each of them, and what a right verdict on each is. Data, and one choice.

An app is one program with several TLS stacks in it. Two things about stacks matter here:

- the SDK and the login share one, so that the decrypted SDK can show that this stack trusts the CA;
- the adverts and the backup share another. The backup's refusals there make the proxy look for an endpoint that
  vouches for that stack, so it shows the adverts' client a CA that nobody trusts. That is how a client without
  any validation is found.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from demonstration.deeds import ANSWERED, CLEARTEXT, REFUSED_AFTER, REFUSED_WITHIN

ATTEMPTS = 18
"""Twice what the slowest verdict takes (nine: a refusal, three pairs with a control, two contrasts)."""
SURE = ("probable", "confirmed")
PRIVATE_CA = "anchors"
"""The technique of a client that believes a CA of its own, which its server then has to use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The verdicts that may stand beside a truth."""

    verdict: str
    confidences: tuple[str, ...]
    rule_id: str = ""
    """Where only one reason is right; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """A client that can take a part, and what it does there."""

    client: str
    technique: str
    does: str
    tls: Literal["any", "1.2", "1.3"] = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One use that the app makes of one host."""

    host: str
    what: str
    players: tuple[Player, ...]
    """Preferred first; the last one can play everywhere."""
    shows: tuple[str, ...]
    """What the client itself must report for the truth to be what the table says."""
    expected: Expected
    attempts: int = ATTEMPTS
    trusts_proxy: bool = True
    """Whether this client's trust store holds the proxy's CA, as the device's does."""


SDK = Part(
    host="sdk.metrics.test",
    what="an SDK without a pin",
    players=(
        Player(client="boringssl", technique="none", does="trusts what the device trusts, no pin"),
        Player(client="okhttp", technique="none", does="trusts what the device trusts, no pin"),
        Player(client="python_ssl", technique="none", does="trusts what the device trusts, no pin"),
    ),
    shows=(ANSWERED,),
    expected=Expected(verdict="unpinned", confidences=("confirmed",), rule_id="decrypted"),
)
LOGIN = Part(
    host="login.shop.test",
    what="an API pinned in the handshake",
    players=(
        Player(client="boringssl", technique="pin", does="looks for the intermediate's pin in its verify callback"),
        Player(client="okhttp", technique="manager", does="looks for the intermediate's pin in its TrustManager"),
        Player(client="python_ssl", technique=PRIVATE_CA, does="believes the app's own CA and nothing else"),
    ),
    shows=(ANSWERED, REFUSED_WITHIN),
    expected=Expected(verdict="pinned", confidences=SURE),
)
API = Part(
    host="api.shop.test",
    what="an API pinned after the handshake",
    players=(
        Player(client="okhttp", technique="pin", does="CertificatePinner compares the leaf's key before it asks"),
        Player(client="curl", technique="pin", does="--pinnedpubkey compares the leaf's key before it asks"),
        Player(client="python_ssl", technique="pin", does="compares the leaf's key before it asks"),
    ),
    shows=(ANSWERED, REFUSED_AFTER),
    expected=Expected(verdict="pinned", confidences=SURE, rule_id="refused_after_trust"),
)
ADVERTS = Part(
    host="ads.banner.test",
    what="a host without validation",
    players=(
        Player(client="curl", technique="trust-all", tls="1.2", does="--insecure: accepts any certificate"),
        Player(client="python_ssl", technique="trust-all", tls="1.2", does="CERT_NONE: accepts any certificate"),
    ),
    shows=(ANSWERED,),
    expected=Expected(verdict="unpinned", confidences=("confirmed",), rule_id="accepts_untrusted"),
)
EVENTS = Part(
    host="events.tracker.test",
    what="a host that falls back to cleartext",
    players=(Player(client="python_ssl", technique="fallback", does="pins the leaf; refused, it asks over http://"),),
    shows=(ANSWERED, REFUSED_AFTER, CLEARTEXT),
    expected=Expected(verdict="suspicious", confidences=SURE),
)
BACKUP = Part(
    host="files.backup.test",
    what="a host that distrusts the CA",
    players=tuple(
        Player(
            client=client,
            technique="none",
            tls="1.2",
            does="no pin, but roots of its own, without the proxy's CA. "
            "From outside that looks like a pin, so 'unproven' is all that can be said",
        )
        for client in ("curl", "python_ssl")
    ),
    shows=(ANSWERED, REFUSED_WITHIN),
    expected=Expected(verdict="pinned", confidences=("unproven",), rule_id="refused_cause_unproven"),
    trusts_proxy=False,
)

ONCE = Part(
    host="news.feed.test",
    what="a host that is asked once",
    players=(Player(client="python_ssl", technique="pin", does="pins the leaf, and gives up after a single refusal"),),
    shows=(REFUSED_AFTER,),
    expected=Expected(verdict="inconclusive", confidences=("none",), rule_id="too_little"),
    attempts=1,
)

PARTS: tuple[Part, ...] = (SDK, LOGIN, API, ADVERTS, EVENTS, BACKUP, ONCE)

EVERYWHERE = "python_ssl"
"""The client that needs nothing but this Python."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A part with the client that plays it here."""

    part: Part
    player: Player


def cast(present: Collection[str]) -> tuple[Role, ...]:
    """Who plays what, with these clients. Python plays whatever nobody else can."""
    able = {*present, EVERYWHERE}
    return tuple(Role(part=part, player=next(p for p in part.players if p.client in able)) for part in PARTS)


def wanted() -> tuple[str, ...]:
    """Every client that has a part where it is installed, in order of appearance."""
    return tuple(dict.fromkeys(player.client for part in PARTS for player in part.players))
