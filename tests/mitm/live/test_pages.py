"""What answers carry, and that they are the bytes of the files."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

import pytest
from tests.report.samples import HOSTILE, every_verdict, hostile

from pinprobe.mitm.live.asked import Asked
from pinprobe.mitm.live.pages import ALWAYS, Answer, Pages
from pinprobe.private import in_bytes
from pinprobe.report import live
from pinprobe.report.files import rendered

NAMES = frozenset({"127.0.0.1:1"})
PLAIN = Asked(method="GET", path="/", hosts=("127.0.0.1:1",), peer="127.0.0.1")
TEXTS = rendered(every_verdict(), ("csv",))


def ask(pages: Pages, asked: Asked | None) -> tuple[Answer, dict[str, str]]:
    answer = pages.answer(asked, NAMES)
    headers = dict(answer.headers)
    assert len(headers) == len(answer.headers)
    assert set(ALWAYS) <= set(answer.headers), "refusals too"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "\n" not in "".join(headers.values())
    return answer, headers


def showing(texts: dict[str, str]) -> Pages:
    pages = Pages()
    pages.show(texts)
    return pages


def test_the_files_are_shown_as_they_are() -> None:
    for texts in (TEXTS, rendered(hostile(HOSTILE["surrogate"]))):
        facts, headers = ask(showing(texts), replace(PLAIN, path="/report.json"))
        assert facts.body == in_bytes(texts["report.json"])
        assert headers["Content-Type"] == "application/json"
        page, headers = ask(showing(texts), PLAIN)
        assert page.body == in_bytes(live.page(texts["report.html"], headers["ETag"].strip('"')))
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert headers["Content-Security-Policy"].startswith(live.POLICY)


def test_without_scripts_the_browser_asks_again() -> None:
    assert int(ask(showing(TEXTS), PLAIN)[1]["Refresh"]) >= 5
    assert "Refresh" not in ask(showing(TEXTS), replace(PLAIN, path="/report.json"))[1]


def test_the_version_changes_with_the_report_and_only_then() -> None:
    pages = showing(TEXTS)
    first = ask(pages, PLAIN)[1]["ETag"]
    pages.show(dict(TEXTS))
    assert ask(pages, PLAIN)[1]["ETag"] == first
    pages.show({**TEXTS, "report.html": TEXTS["report.html"].replace("pinprobe</p>", "pinprobe!</p>")})
    assert ask(pages, PLAIN)[1]["ETag"] != first


def test_a_head_is_the_same_without_its_body() -> None:
    whole, headers = ask(showing(TEXTS), PLAIN)
    head, same = ask(showing(TEXTS), replace(PLAIN, method="HEAD"))
    assert (head.body, same) == (b"", headers)
    assert headers["Content-Length"] == str(len(whole.body))


def test_before_the_first_report_the_browser_waits() -> None:
    answer, headers = ask(Pages(), PLAIN)
    assert (answer.status, headers["Refresh"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "1")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (None, 400),
        (replace(PLAIN, hosts=("evil.example",)), 421),
        (replace(PLAIN, by_proxy=True), 403),
        (replace(PLAIN, method="PUT"), 405),
        (replace(PLAIN, path="/x"), 404),
    ],
)
def test_a_refusal_says_no_and_nothing_else(asked: Asked | None, status: int) -> None:
    answer, headers = ask(showing(TEXTS), asked)
    assert (answer.status, headers.get("ETag"), headers.get("Refresh")) == (status, None, None)
    assert answer.body == f"pinprobe: {HTTPStatus(status).phrase}\n".encode()
    assert headers.get("Allow") == ("GET, HEAD" if status == 405 else None)
