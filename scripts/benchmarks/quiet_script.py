"""Once mitmdump has said where it listens, it says no more below a warning. A script for `mitmdump -s`.

A line printed for each connection would cost more than what is measured, and hide it.
"""

from mitmproxy import ctx


def running() -> None:
    ctx.options.termlog_verbosity = "warn"
