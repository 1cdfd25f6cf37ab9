"""What an app did instead of failing, in one line: counts, then the deed. Pure."""

from collections.abc import Callable

from pinprobe.evidence import DECLARED_STANDINGS, DECLARED_WORDS, StackEvidence, Standing
from pinprobe.signals import Reading, Signal, State

Tell = Callable[[Signal, StackEvidence], str]


def refused(stack: StackEvidence) -> str:
    """How often, of how many that decided anything."""
    return f"refused {stack.refusals} of {stack.refusals + stack.accepts}"


def _then(signal: Signal, stack: StackEvidence) -> str:
    return f"{refused(stack)}, then {signal.note}"


def _other_stack(signal: Signal, stack: StackEvidence) -> str:
    connections = signal.elsewhere
    return f"{refused(stack)}; another TLS stack sent data on {connections} connection{'s' * (connections != 1)}"


def _exchanges(count: int) -> str:
    return "1 exchange was" if count == 1 else f"{count} exchanges were"


_NOT_ENFORCED = {
    **{standing.value: DECLARED_WORDS[standing] for standing in DECLARED_STANDINGS},
    Standing.IN_FORCE: "in force, but not on this client",
}
"""By the signal's cause."""

STRONG_STORIES: dict[str, Tell] = {
    "cleartext_fallback": _then,
    "same_exchange_elsewhere": _then,
    "leaked_before_check": lambda signal, stack: (
        f"sent a request and dropped the connection {signal.count} of {signal.of}; {signal.note}"
    ),
    "report_only": lambda signal, stack: (
        f"reported a failed pin ({signal.note}), and {stack.requests} requests were decrypted all the same"
    ),
    "gave_up_checking": lambda signal, stack: f"{refused(stack)}, then accepted for good",
    "late_enforcement": lambda signal, stack: f"accepted {stack.accepts}, then refused {stack.refusals} for good",
    "mixed_outcomes": lambda signal, stack: f"{refused(stack)} and accepted {stack.accepts}, in no order",
    "second_stack": _other_stack,
    "mixed_by_stack": _other_stack,
    "silent_where_control_talks": lambda signal, stack: (
        f"connected and stayed silent {signal.count} of {signal.of}, where relayed connections talk"
    ),
    "declared_but_not_enforced": lambda signal, stack: (
        f"declares pins, {_NOT_ENFORCED[signal.cause]}, and {_exchanges(signal.count)} decrypted all the same"
    ),
}
"""One for every strong signal that can be present, told in the order of SIGNALS."""

WEAK_STORIES: dict[str, Tell] = {
    "host_fallback": lambda signal, stack: f"then {signal.note}",
    "protocol_fallback": lambda signal, stack: f"then {signal.note}",
    "bypass": lambda signal, stack: f"then looked the name up {signal.count} times and went around the proxy",
    "retry_storm": lambda signal, stack: f"hammers: {signal.count} refusals in a minute",
    "less_traffic_than_control": lambda signal, stack: f"less traffic: {signal.note}",
}
"""What is told beside a verdict that it did not choose."""


def story(reading: Reading, stack: StackEvidence) -> str:
    """The strong degradation that stands first, told; empty where there is none."""
    return next((tell(reading[id], stack) for id, tell in STRONG_STORIES.items() if _present(reading, id)), "")


def beside(reading: Reading, stack: StackEvidence) -> str:
    """The weak ones that are worth a word on the row; empty where there are none."""
    return "; ".join(tell(reading[id], stack) for id, tell in WEAK_STORIES.items() if _present(reading, id))


def _present(reading: Reading, id: str) -> bool:
    return reading[id].state is State.PRESENT
