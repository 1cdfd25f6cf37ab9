"""Every place that an endpoint's refusals were followed by, whichever card asks about it. Pure."""

from pinprobe.evidence import Follow
from pinprobe.signals.card import Asked
from pinprobe.signals.cleartext_fallback import in_cleartext
from pinprobe.signals.following import follows_here, settled
from pinprobe.signals.host_fallback import other_host
from pinprobe.signals.protocol_fallback import other_way


def fallbacks_here(asked: Asked) -> tuple[Follow, ...]:
    """Those that make cleartext_fallback, host_fallback or protocol_fallback present."""
    if not asked.stack.refusals:
        return ()
    return tuple(
        follow
        for follow in follows_here(asked)
        if settled(follow) and any(wants(asked, follow) for wants in (in_cleartext, other_host, other_way))
    )
