"""What part a session plays in an experiment: where the CA was, or that nothing was intercepted. Pure."""

from enum import StrEnum

from pinprobe import events as ev
from pinprobe.evidence import Evidence


class Role(StrEnum):
    """The runs that together tell a pin from distrust."""

    R0 = "R0"
    """Nothing was intercepted."""
    R1 = "R1"
    """The CA was in no store."""
    R2 = "R2"
    """The CA was in the user store."""
    R3 = "R3"
    """The CA was in the system store."""
    UNKNOWN = "unknown"
    """Where the CA was, nobody said."""


ROLE_WORDS: dict[Role, str] = {
    Role.R0: "R0 no interception",
    Role.R1: "R1 CA in no store",
    Role.R2: "R2 user store",
    Role.R3: "R3 system store",
    Role.UNKNOWN: "store unknown",
}
"""As people read them."""

_BY_STORE = {"none": Role.R1, "user": Role.R2, "system": Role.R3}


def role_of(evidence: Evidence) -> Role:
    """The role of a session; the evidence must have one."""
    assert evidence.session is not None
    stacks = [stack for about in evidence.endpoints.values() for stack in about.stacks.values()]
    if not any(stack.tested for stack in stacks) and (stacks or evidence.session.phase != ev.TEST):
        return Role.R0
    return _BY_STORE.get(evidence.session.ca_store, Role.UNKNOWN)
