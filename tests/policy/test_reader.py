"""Reading a policy: every mistake is refused with file, line, key and the fix; the JSON Schema says the same."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.policy.written import policy, policy_in

from pinprobe.config import ConfigError
from pinprobe.findings import FINDINGS
from pinprobe.policy import reader
from pinprobe.policy.model import CONFIDENCES, MASVS, VERDICTS
from pinprobe.policy.pattern import HOST_PATTERN
from pinprobe.policy.reader import EXPECTATION_KEYS, FAIL_ON, POLICY_KEYS, WAIVABLE, WAIVER_KEYS

SCHEMA: dict[str, Any] = json.loads((files("pinprobe.policy") / "policy.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)

WHOLE = """\
version: 1
app: com.example.app
masvs: L2
first_party: [example.com, "*.example-cdn.net"]
expect:
  - {host: api.example.com, verdict: pinned, confidence: confirmed}
  - {host: "*.example.net:8443", verdict: unpinned}
  - {host: "*", verdict: any}
coverage: [api.example.com]
fail_on: [warning, PIN-208]
waivers:
  - what: PIN-101
    host: "*"
    reason: ticket 123
    until: 2027-01-31
"""


def test_a_whole_policy() -> None:
    found = policy_in(WHOLE)
    assert (found.name, found.app, found.masvs) == ("policy.yaml", "com.example.app", "L2")
    assert found.first_party == ("example.com", "*.example-cdn.net")
    assert [(one.host.text, one.verdict, one.confidence) for one in found.expect] == [
        ("api.example.com", "pinned", "confirmed"),
        ("*.example.net:8443", "unpinned", "probable"),
        ("*", "any", "probable"),
    ]
    assert [one.text for one in found.coverage] == ["api.example.com"]
    assert found.fail_on == ("warning", "PIN-208")
    (waiver,) = found.waivers
    assert (waiver.what, waiver.reason, waiver.until, waiver.line) == ("PIN-101", "ticket 123", date(2027, 1, 31), 12)


def test_the_least_policy_fails_on_errors() -> None:
    found = policy("")
    assert (found.app, found.masvs, found.expect, found.coverage, found.waivers) == (None, "L1", (), (), ())
    assert found.fail_on == ("error",)
    assert policy("fail_on: []").fail_on == ()


WRONG: dict[str, tuple[str, int, str]] = {
    "nothing": ("", 1, "the file is empty; a policy begins with version: 1"),
    "no version": ("app: a\n", 1, "version is missing; add version: 1"),
    "another version": ("version: 2\n", 1, "version: '2' is no version that this pinprobe reads; write 1"),
    "a list": ("- version: 1\n", 1, "keys and values belong here: version, app"),
    "a key of ours misspelt": ("version: 1\nexpects: []\n", 2, "unknown key 'expects'; known are version, app, masvs"),
    "a key twice": ("version: 1\nversion: 1\n", 2, "'version' stands at line 1 too"),
    "a key of an entry misspelt": (
        "version: 1\nexpect:\n  - host: a\n    verdikt: pinned\n",
        4,
        "expect: unknown key 'verdikt'; known are host, verdict, confidence",
    ),
    "a verdict misspelt": (
        "version: 1\nexpect:\n  - host: a\n    verdict: pined\n",
        4,
        "expect.verdict: 'pined' has no meaning here; use one of pinned, unpinned, any",
    ),
    "a verdict that is a way of not knowing": (
        "version: 1\nexpect: [{host: a, verdict: not_tested}]\n",
        2,
        "use one of pinned, unpinned, any",
    ),
    "unproven as the least": (
        "version: 1\nexpect:\n  - {host: a, verdict: pinned, confidence: unproven}\n",
        3,
        "expect.confidence: 'unproven' has no meaning here; use one of probable, confirmed",
    ),
    "confidence beside any": (
        "version: 1\nexpect:\n  - {host: a, verdict: any, confidence: probable}\n",
        3,
        "expect: confidence says nothing beside verdict: any; leave it out",
    ),
    "no host": ("version: 1\nexpect:\n  - verdict: pinned\n", 3, "expect: host is missing; add host: api.example.com"),
    "a URL": (
        "version: 1\ncoverage:\n  - https://a\n",
        3,
        "coverage: 'https://a' is no host pattern; write api.example.com",
    ),
    "a port in first-party": ("version: 1\nfirst_party: ['a:443']\n", 2, "first_party: 'a:443' is no host pattern"),
    "a word for a list": ("version: 1\ncoverage: a\n", 2, "coverage: a list belongs here: put a dash"),
    "nothing for a list": ("version: 1\ncoverage:\n", 2, "coverage: a list belongs here"),
    "a number for a text": ("version: 1\napp: 12\n", 2, "app: YAML takes '12' for no text (int); put it in quotes"),
    "a list for a text": ("version: 1\napp: [a]\n", 2, "app: a single text belongs here"),
    "an unknown finding": (
        "version: 1\nfail_on: [PIN-999]\n",
        2,
        "fail_on: 'PIN-999' has no meaning here; use one of note",
    ),
    "no reason": (
        "version: 1\nwaivers:\n  - what: PIN-101\n    host: a\n    until: 2027-01-01\n",
        3,
        "waivers: reason is missing; add reason: why",
    ),
    "a blank reason": (
        "version: 1\nwaivers:\n  - {what: PIN-101, host: a, until: 2027-01-01, reason: ' '}\n",
        3,
        "waivers.reason: the text is empty",
    ),
    "no day": (
        "version: 1\nwaivers:\n  - {what: PIN-101, host: a, reason: r}\n",
        3,
        "waivers: until is missing; add until: 2027-12-31",
    ),
    "a day of no calendar": (
        "version: 1\nwaivers:\n  - {what: PIN-101, host: a, reason: r, until: 2027-02-31}\n",
        3,
        "waivers.until: '2027-02-31' is no day; write it as 2027-12-31",
    ),
    "a day in another order": (
        "version: 1\nwaivers:\n  - {what: PIN-101, host: a, reason: r, until: 31.12.2027}\n",
        3,
        "is no day",
    ),
    "no MASVS level": ("version: 1\nmasvs: L3\n", 2, "masvs: 'L3' has no meaning here; use one of L1, L2"),
}


@pytest.mark.parametrize(("text", "line", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_refused_with_its_place_and_the_fix(text: str, line: int, says: str) -> None:
    with pytest.raises(ConfigError, match=f"policy.yaml:{line}: ") as caught:
        policy_in(text)
    assert says in str(caught.value)


# -- the schema --------------------------------------------------------------------------------------------------

NOT_IN_SCHEMA = {"nothing", "a key twice"}
"""What JSON Schema cannot say."""


def plain(text: str) -> Any:
    """The file as editors see it: a day is a text."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


def accepted(text: str) -> bool:
    try:
        policy_in(text)
    except ConfigError:
        return False
    return True


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_schema_and_loader_accept_the_same_whole() -> None:
    VALIDATOR.validate(plain(WHOLE))


@pytest.mark.parametrize("name", sorted(set(WRONG) - NOT_IN_SCHEMA - {"a day of no calendar"}))
def test_schema_and_loader_refuse_the_same(name: str) -> None:
    assert not VALIDATOR.is_valid(plain(WRONG[name][0]))


def test_schema_and_loader_know_the_same_keys_and_words() -> None:
    defs = SCHEMA["$defs"]
    for known, schema in (
        (POLICY_KEYS, SCHEMA),
        (EXPECTATION_KEYS, defs["expectation"]),
        (WAIVER_KEYS, defs["waiver"]),
    ):
        assert list(schema["properties"]) == list(known)
        assert schema["required"] == [name for name, key in known.items() if key.required]
        assert schema["additionalProperties"] is False
    assert SCHEMA["properties"]["masvs"]["enum"] == list(MASVS)
    assert SCHEMA["properties"]["fail_on"]["items"]["enum"] == list(FAIL_ON)
    assert SCHEMA["properties"]["fail_on"]["default"] == list(reader.FAIL_ON_UNLESS_SAID)
    assert SCHEMA["properties"]["first_party"]["items"]["pattern"] == reader.FIRST_PARTY
    assert defs["expectation"]["properties"]["verdict"]["enum"] == list(VERDICTS)
    assert defs["expectation"]["properties"]["confidence"]["enum"] == list(CONFIDENCES)
    assert defs["waiver"]["properties"]["what"]["enum"] == list(WAIVABLE)
    assert defs["waiver"]["properties"]["until"]["pattern"] == reader.DAY
    assert defs["host"]["pattern"] == HOST_PATTERN


def test_every_key_is_described_for_editors() -> None:
    for one in (SCHEMA, SCHEMA["$defs"]["expectation"], SCHEMA["$defs"]["waiver"]):
        for name, field in one["properties"].items():
            assert "description" in field or "$ref" in field, name
    assert all("description" in one for one in SCHEMA["$defs"].values())


def test_every_finding_can_be_named() -> None:
    for check in FINDINGS:
        assert policy(f"fail_on: [{check.id}]").fail_on == (check.id,)


HOSTS = st.sampled_from(["a.example", "*.b.example:443", "[::1]", "http://a", "a b", "", 443, None, ["a"]])
WORDS = st.sampled_from(
    ["pinned", "any", "unproven", "confirmed", "L2", "error", "PIN-101", "expect", "", 1, True, None]
)
DAYS = st.sampled_from(["2027-01-31", "2027-1-31", "soon", 2027, None, date(2027, 1, 31)])
ENTRY = st.dictionaries(
    st.sampled_from(["host", "verdict", "confidence", "what", "reason", "until", "other"]),
    st.one_of(HOSTS, WORDS, DAYS),
    max_size=5,
)
EXPECT = st.fixed_dictionaries(
    {"host": HOSTS, "verdict": st.sampled_from(["pinned", "unpinned", "any"])},
    optional={"confidence": st.sampled_from(["probable", "confirmed", "unproven"])},
)
WAIVER = st.fixed_dictionaries(
    {"what": st.sampled_from(["PIN-101", "expect", "pin"]), "host": HOSTS, "reason": WORDS, "until": DAYS}
)
DOCUMENT = st.fixed_dictionaries(
    {},
    optional={
        "version": st.sampled_from([1, 1, 1, 2, "1"]),
        "app": st.one_of(WORDS, HOSTS),
        "masvs": st.sampled_from(["L1", "L2", "L3"]),
        "first_party": st.one_of(st.lists(HOSTS, max_size=2), HOSTS),
        "expect": st.lists(st.one_of(EXPECT, ENTRY), max_size=2),
        "coverage": st.lists(HOSTS, max_size=2),
        "fail_on": st.lists(WORDS, max_size=2),
        "waivers": st.lists(st.one_of(WAIVER, ENTRY), max_size=2),
        "other": WORDS,
    },
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(DOCUMENT.filter(bool))
def test_whatever_is_written_schema_and_loader_agree(document: dict[str, Any]) -> None:
    text = yaml.safe_dump(document)
    assert accepted(text) is VALIDATOR.is_valid(plain(text)), text


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_whatever_the_file_holds_the_answer_is_a_policy_or_a_sentence(text: str) -> None:
    try:
        policy_in(text.encode("utf-8", "replace").decode())
    except ConfigError as error:
        assert re.match(r"policy.yaml(:\d+)?: ", str(error)) or "policy.yaml" in str(error)
