"""What the runs of one endpoint did, on one line that names each. Pure."""

from collections.abc import Sequence

from pinprobe.runs.role import ROLE_WORDS, Role
from pinprobe.runs.seen import Happened, Seen

_ORDER = tuple(Role)


def account(some: Sequence[Seen], seen: Sequence[Seen]) -> str:
    """Some of the runs that were seen, those that are alike counted together: 'R2 user store: refused 4 of 4; ...'."""
    groups: dict[tuple[Role, str, Happened, str], list[Seen]] = {}
    for one in some:
        groups.setdefault((one.role, one.label, one.happened, _probed(one)), []).append(one)
    keys = [key for key in groups if key[2] is not Happened.NOTHING or key[3]] or list(groups)
    keys.sort(key=lambda key: (_ORDER.index(key[0]), *key[1:]))
    return "; ".join(f"{_where(groups[key], seen)}: {_did(groups[key])}" for key in keys)


def where(one: Seen, seen: Sequence[Seen]) -> str:
    """The run's role, and its label where labels differ."""
    return _where([one], seen)


def _where(group: Sequence[Seen], seen: Sequence[Seen]) -> str:
    words = ROLE_WORDS[group[0].role]
    if len({one.label for one in seen}) > 1:
        words += f", {group[0].label or 'no label'}"
    return words if len(group) == 1 else f"{words}, {len(group)} runs"


def _did(group: Sequence[Seen]) -> str:
    accepts = sum(one.accepts for one in group)
    refusals = sum(one.refusals for one in group)
    requests = sum(one.requests for one in group)
    worked, failed = sum(one.worked for one in group), sum(one.failed for one in group)
    tried = accepts + refusals
    did = {
        Happened.UNTRUSTED: "sent data under a certificate that nobody should trust",
        Happened.DEGRADED: f"suspicious, accepted {accepts} and refused {refusals} of {tried}",
        Happened.ACCEPTS: _several(requests, "request") + " decrypted"
        if requests
        else f"accepted {accepts} of {tried}",
        Happened.REFUSES: f"refused {refusals} of {tried}",
        Happened.MIXED: f"accepted {accepts} and refused {refusals} of {tried}",
        Happened.BROKEN: f"failed when relayed, {failed} of {worked + failed}",
        Happened.WORKS: f"works, {worked} of {worked + failed}",
        Happened.NOTHING: "nothing decided",
    }[group[0].happened]
    return ", ".join(filter(None, (did, _probed(group[0]))))


def _probed(one: Seen) -> str:
    """What probes brought to light that speaks for or against other runs."""
    if one.copy_accepted:
        return "sent data under a copy of the genuine leaf"
    return "accepts replayed chains of other CAs" if one.replay_accepted else ""


def _several(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
