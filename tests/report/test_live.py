"""The page as a running proxy shows it: the report's own, one script more, and a policy that allows just that."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from tests.report.samples import HOSTILE, every_verdict, hostile

from pinprobe.report import html, live
from pinprobe.report.model import Report

VERSION = "0123456789abcdef"


@pytest.mark.parametrize(
    "report",
    [every_verdict(), hostile(HOSTILE["end of style"]), hostile("</body>" + html.POLICY)],
    ids=["verdicts", "hostile", "aimed"],
)
def test_it_is_the_same_page_with_one_script_more(report: Report) -> None:
    plain = html.render(report)
    page = live.page(plain, VERSION)
    script = re.search(rf'<script data-version="{VERSION}">(.*?)</script>\n(?=</body>)', page, re.DOTALL)
    assert script is not None
    assert page.replace(script[0], "").replace(live.POLICY, html.POLICY) == plain
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in live.POLICY


def test_its_policy_allows_one_thing_more() -> None:
    def parts(policy: str) -> dict[str, set[str]]:
        named = (part.split() for part in policy.split(";"))
        return {name: set(values) for name, *values in named}

    before, after = parts(html.POLICY), parts(live.POLICY)
    assert after.pop("connect-src") == {"'self'"}
    assert len(after.pop("script-src") - before.pop("script-src")) == 1
    assert after == before


@pytest.mark.parametrize("text", ["", "<body></body>", html.POLICY, f"</body>{html.POLICY}"])
def test_what_is_no_page_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a page of ours"):
        live.page(text, VERSION)
