"""A policy named on the command line."""

from pathlib import Path

from pinprobe.cli.exits import Exit, Failed
from pinprobe.config import ConfigError, read_tree
from pinprobe.policy import Policy, policy_of
from pinprobe.report.safe_text import NAME_LIMIT, safe_text


def read_policy(path: Path, app_id: str) -> Policy:
    """The policy in a file, which must be about this app if it names one."""
    try:
        policy = policy_of(read_tree(path, f"--policy {path}"), str(path))
    except ConfigError as error:
        raise Failed(Exit.USAGE, str(error)) from error
    if policy.app not in (None, app_id):
        named = [safe_text(one or "", NAME_LIMIT) for one in (policy.app, app_id)]
        raise Failed(
            Exit.USAGE,
            f"{path}: the policy is about {named[0]}, the report about {named[1]}; give those of one app, or leave "
            "app out of a policy that is meant for several.",
        )
    return policy
