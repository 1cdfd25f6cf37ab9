"""The Network Security Config as Android's reader takes it; each mistake that makes it refuse the file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.declared.compiled import tree
from tests.declared.configs import DEBUG_USER, OTHER, PIN, file, pins

from pinprobe.declared import nsc
from pinprobe.declared.limits import LIMITS
from pinprobe.declared.nsc import Anchor, Domain, SecurityConfig


def read(inside: str) -> SecurityConfig:
    return nsc.read(tree(file(inside)))


def pinned(inside: str) -> str:
    return f"<domain-config><domain>a.example</domain>{inside}</domain-config>"


def test_everything_that_a_file_can_say() -> None:
    config = read(f"""
      <base-config cleartextTrafficPermitted="false"><trust-anchors>
        <certificates src="system"/><certificates src="user" overridePins="true"/></trust-anchors></base-config>
      <domain-config cleartextTrafficPermitted="true">
        <domain includeSubdomains="true"> Example.COM </domain><domain>b.example</domain>
        {pins(PIN, OTHER, attributes="expiration='2031-02-03'")}
        <trust-anchors><certificates src="@7f010000"/></trust-anchors>
        <certificateTransparency enabled="true"/>
        <trustkit-config enforcePinning="true"><report-uri>https://r.example/</report-uri></trustkit-config>
        <domain-config><domain>c.example.com</domain></domain-config>
      </domain-config>
      <debug-overrides><trust-anchors><certificates src="user"/></trust-anchors></debug-overrides>""")
    assert config.mistakes == config.debug_mistakes == () and not config.left_out and config.uses_trustkit
    base, (one, nested), debug = config.base, config.domains, config.debug
    assert base is not None and debug is not None
    assert base.cleartext is False and base.ct is None
    assert base.anchors == (
        Anchor(source="system", overrides_pins=False),
        Anchor(source="user", overrides_pins=True),
    )
    assert one.domains == (
        Domain(name="example.com", include_subdomains=True),
        Domain(name="b.example", include_subdomains=False),
    )
    assert one.pin_set is not None and one.pin_set.pins == (PIN, OTHER)
    assert one.pin_set.expires_s == datetime(2031, 2, 3, tzinfo=UTC).timestamp()
    assert one.cleartext and one.ct and one.enforced_by_trustkit
    assert one.anchors == (Anchor(source="raw", resource=0x7F010000, overrides_pins=False),)
    assert nested.pin_set is None and nested.effective_pins == one.pin_set and nested.enforced_by_trustkit
    assert debug.anchors == (Anchor(source="user", overrides_pins=True),), "overridePins is the default there"


def test_a_nested_set_replaces_that_around_it() -> None:
    config = read(pinned(f"{pins(PIN)}<domain-config><domain>b.example</domain>{pins(OTHER)}</domain-config>"))
    assert [one.effective_pins.pins for one in config.domains if one.effective_pins] == [(PIN,), (OTHER,)]


def test_an_empty_set_is_a_set() -> None:
    config = read(pinned(f"{pins(PIN)}<domain-config><domain>b.example</domain><pin-set/></domain-config>"))
    assert [one.effective_pins.pins for one in config.domains if one.effective_pins] == [(PIN,), ()]


def test_no_anchors_is_not_an_empty_list_of_them() -> None:
    config = read(pinned("") + "<base-config><trust-anchors/></base-config>")
    assert config.domains[0].anchors is None and config.base is not None and config.base.anchors == ()


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        (f"<base-config>{pins(PIN)}</base-config>", "pin-set in base-config"),
        ("<base-config><domain>a.example</domain></base-config>", "domain in base-config"),
        (f"<base-config>{pinned('')}</base-config>", "domain-config in base-config"),
        ("<base-config/><base-config/>", "more than one base-config"),
        ("<debug-overrides/><debug-overrides/>", "more than one debug-overrides"),
        ("<domain-config/>", "without a domain"),
        (pinned("") + pinned(""), "the domain a.example twice"),
        (pinned("<domain></domain>"), "without a name"),
        (pinned(pins(PIN) * 2), "more than one pin-set"),
        (pinned("<trust-anchors/><trust-anchors/>"), "more than one trust-anchors"),
        (pinned("<trust-anchors><certificates src='all'/></trust-anchors>"), "certificates from all"),
        (pinned("<trust-anchors><certificates/></trust-anchors>"), "certificates from nothing"),
        (pinned('<pin-set><pin digest="SHA-1">x</pin></pin-set>'), "digest is SHA-1"),
        (pinned("<pin-set><pin>x</pin></pin-set>"), "not named"),
        (pinned(pins("AAAA")), "the pin AAAA is no Base64 of 32 bytes"),
        (pinned(pins("")), "the pin (empty)"),
        (pinned(pins(PIN, attributes="expiration='soon'")), "expiration soon"),
        (pinned(pins(PIN, attributes="expiration='2031-13-01'")), "expiration 2031-13-01"),
        (pinned(pins(PIN, attributes="expiration='2031-02-30'")), "expiration 2031-02-30"),
    ],
)
def test_mistakes_that_android_refuses(inside: str, says: str) -> None:
    (mistake,) = read(inside).mistakes
    assert says in mistake


def test_a_pin_that_is_written_twice_stays_so() -> None:
    """It is told as a backup that is none."""
    (config,) = read(pinned(pins(PIN, PIN))).domains
    assert config.pin_set is not None and config.pin_set.pins == (PIN, PIN)


def test_android_knows_its_digest_in_any_case() -> None:
    config = read(pinned(f'<pin-set><pin digest="sha-256">{PIN}</pin></pin-set>'))
    assert config.mistakes == () and config.domains[0].effective_pins is not None
    assert config.domains[0].effective_pins.pins == (PIN,)


def test_mistakes_in_debug_overrides_are_kept_apart() -> None:
    config = read(f"<debug-overrides>{pins(PIN)}<certificateTransparency enabled='true'/></debug-overrides>")
    assert config.mistakes == () and len(config.debug_mistakes) == 2


def test_the_debug_file_counts_where_the_config_has_none() -> None:
    beside = tree(file(DEBUG_USER))
    assert nsc.with_debug_file(read(""), beside).debug is not None
    own = read("<debug-overrides/>")
    assert nsc.with_debug_file(own, beside) == own


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2027-01-31", datetime(2027, 1, 31, tzinfo=UTC)),
        ("2027-1-5", datetime(2027, 1, 5, tzinfo=UTC)),
        ("2027-01-31T12:00:00", datetime(2027, 1, 31, tzinfo=UTC)),
        ("0099-01-01", datetime(99, 1, 1, tzinfo=UTC)),
        ("20270-01-31", None),
    ],
)
def test_dates_as_java_takes_them(date: str, expected: datetime | None) -> None:
    config = read(pinned(pins(PIN, attributes=f"expiration='{date}'")))
    assert config.mistakes == () and config.domains[0].pin_set is not None
    assert config.domains[0].pin_set.expires_s == (None if expected is None else expected.timestamp())


@pytest.mark.parametrize("text", [PIN, f" {PIN}\n", PIN[:-1], f"{PIN[:9]}-{PIN[9:]}"])
def test_pins_as_androids_decoder_takes_them(text: str) -> None:
    assert nsc.decoded_pin(text) == PIN


@pytest.mark.parametrize("text", ["", "=", f"{PIN}=", PIN[1:], f"{PIN[:20]}={PIN[20:]}", PIN + "A"])
def test_what_is_no_pin(text: str) -> None:
    assert nsc.decoded_pin(text) is None


def test_there_is_an_end_to_domains_and_pins() -> None:
    many = "".join(f"<domain>{number}.example</domain>" for number in range(LIMITS.domains + 5))
    config = read(f"<domain-config>{many}</domain-config>")
    assert config.left_out and len(config.domains[0].domains) == LIMITS.domains


NAMES = ["network-security-config", "base-config", "domain-config", "debug-overrides", "domain", "pin-set", "pin"]
NAMES += ["trust-anchors", "certificates", "trustkit-config", "certificateTransparency", "other"]
TEXT = st.text("ab.*=<2-\0", max_size=5).map(lambda text: text.replace("<", "").replace("\0", ""))
XML = st.recursive(
    st.tuples(st.sampled_from(NAMES), TEXT).map(lambda one: f"<{one[0]}>{one[1]}</{one[0]}>"),
    lambda inside: st.tuples(st.sampled_from(NAMES), st.lists(inside, max_size=4)).map(
        lambda one: f'<{one[0]} src="user" digest="SHA-256" expiration="2-2">{"".join(one[1])}</{one[0]}>'
    ),
    max_leaves=12,
)


@given(st.lists(XML, max_size=4).map("".join))
def test_any_tree_is_read(inside: str) -> None:
    config = read(inside)
    assert all(one.domains or config.mistakes for one in config.domains)
