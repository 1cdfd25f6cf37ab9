"""The user's expectations of an app, and how it stands against them. Pure; files are read by `config`, days come from the caller."""

from pinprobe.policy.judge import judged_by, ruled, ruled_when_recorded
from pinprobe.policy.model import Expectation, Policy, Waiver
from pinprobe.policy.pattern import HostPattern
from pinprobe.policy.reader import policy_of
from pinprobe.policy.starter import starter

__all__ = [
    "Expectation",
    "HostPattern",
    "Policy",
    "Waiver",
    "judged_by",
    "policy_of",
    "ruled",
    "ruled_when_recorded",
    "starter",
]
