"""The one app that was named by option.

Rests on the user's word that nothing else uses the proxy. It is used only where no other source is: once another one is
in use, what that cannot name is unattributed, and not the named app's.
"""

from pinprobe.attribution.source import Source

SOURCE = Source(
    id="option",
    title="the option pinprobe_app",
    rests_on="`pinprobe_app`, for all traffic, where no other source is in use",
    sure="declared, not observed: other apps and the system count as the app's too",
)
