"""The page as a running proxy shows it: the same page, and a script that asks whether it is still the latest. Pure."""

import re

from pinprobe.report import html
from pinprobe.report.folders import APPS

_SCRIPT = html.asset("live.js")
_LINKS = re.compile(rf'<a href="{APPS}/[^"<>]*">(<bdi>[^<>]*</bdi>)</a>')
"""To the session's other apps, whose reports are files and are not served."""
POLICY = html.POLICY.replace("script-src ", f"script-src '{html.csp_hash(_SCRIPT)}' ") + "; connect-src 'self'"
"""What the page allows itself: as ever, and to ask where it came from."""


def page(rendered: str, version: str) -> str:
    """Add the script to a page of `html.render`; `version` is what the server calls these bytes. Raises ValueError."""
    head, policy, rest = rendered.partition(html.POLICY)
    body, end, tail = _LINKS.sub(r"\1", rest).rpartition("</body>")
    if not (policy and end):
        raise ValueError("not a page of ours")
    return f'{head}{POLICY}{body}<script data-version="{version}">{_SCRIPT}</script>\n{end}{tail}'
