"""Comments: the right words, and no way out."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.advice.hostile import WORDS
from tests.advice.made import ISSUING, OWN, pin_of_text

from pinprobe.advice import Domain, Pin, Role
from pinprobe.advice.wording import code_comment, named, pin_words, plain, seen_words, xml_comment

ANY = st.one_of(st.text(), st.text(alphabet="-> <!*/\n\r\u2028x"), st.sampled_from(list(WORDS.values())))


@given(ANY)
def test_nothing_ends_a_comment(text: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9 .,:;=+()'/@_?-]*", plain(text)) and "--" not in plain(text)
    comment = "\n".join(xml_comment("Seen: " + text, "  "))
    assert list(ElementTree.fromstring(f"<a>{comment}</a>")) == []  # noqa: S314
    assert comment.count("-->") == comment.count("<!--") == 1
    assert all(line.lstrip().startswith("//") for line in code_comment("Seen: " + text, "  "))
    assert len("\n".join(code_comment("Seen: " + text, "")).splitlines()) == len(code_comment("Seen: " + text, ""))


def test_a_long_subject_is_cut() -> None:
    assert named("x" * 101) == "x" * 100 + " and so on" and named("CN=a") == "CN=a"


def test_what_a_pin_is() -> None:
    issuer = Pin(pin_sha256=pin_of_text("x"), role=Role.ISSUER, subject="CN=R11,O=Let's Encrypt", until_s=0)
    assert pin_words(issuer) == "Issues the certificates now: CN=R11,O=Let's Encrypt, valid until 1970-01-01."
    root = Pin(pin_sha256=ISSUING.pin_sha256, role=Role.ROOT, subject="CN=root")
    assert (
        "survives a change of the intermediate, not a change of the CA: replace it by a key of your own"
        in pin_words(root)
    )
    assert pin_words(Pin(pin_sha256=OWN, role=Role.OWN)) == "Backup: a key of your own, kept offline."


@pytest.mark.parametrize(("count", "said"), [(2, "Seen: h0.example.com, h1.example.com."), (9, "and 3 more.")])
def test_the_hosts_seen(count: int, said: str) -> None:
    hosts = tuple(f"h{number}.example.com" for number in range(count))
    assert said in seen_words(Domain(name="example.com", include_subdomains=True, hosts=hosts))
