"""The user's policy, read once: when the options are checked, so that a bad one is refused before anything begins."""

from typing import TYPE_CHECKING

from pinprobe.config import ConfigError, Settings, read_tree

if TYPE_CHECKING:
    from pinprobe.policy import Policy


def policy_in(settings: Settings) -> "Policy | None":
    """The policy that the options name. Raises `ConfigError`, with the fix."""
    path = settings.policy
    if path is None:
        return None
    from pinprobe.policy import policy_of  # the proxy starts sooner without

    policy = policy_of(read_tree(path, f"pinprobe_policy={path}"), str(path))
    if policy.app is not None and settings.app_id is not None and policy.app != settings.app_id:
        raise ConfigError(
            f"pinprobe_policy={path}: it is about {policy.app}, and pinprobe_app is {settings.app_id}; name the policy of "
            "this app, or leave app out of one that is meant for several."
        )
    return policy
