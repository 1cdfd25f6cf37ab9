"""What Android holds for a host: one test for each rule of its documentation and its source."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.declared.compiled import tree
from tests.declared.configs import DEBUG_USER, OTHER, PIN, anchors, domains, file, pins, trustkit

from pinprobe.declared import nsc, resolve
from pinprobe.declared.resolve import Build, Resolved


def resolved(inside: str | None, host: str = "api.example.com", **build: Any) -> Resolved:
    """`inside`: what stands inside the root; None for an app without such a file."""
    config = None if inside is None else nsc.read(tree(file(inside)))
    assert config is None or config.mistakes == ()
    built = {"target_sdk": 34, "debuggable": False, "cleartext": None, "api": None} | build
    return resolve.resolve(config, host, Build(**built), lambda resource: ("rawpin",) if resource == 1 else ())


class TestMatching:
    def test_the_exact_name_wins_over_any_wider_one(self) -> None:
        said = domains("example.com", inside=pins(PIN)) + domains("api.example.com", inside=pins(OTHER), sub="false")
        assert resolved(said).pins == (OTHER,)
        assert resolved(said).config == "domain-config api.example.com"

    def test_the_longest_domain_with_subdomains_wins(self) -> None:
        said = domains("com", inside=pins(PIN)) + domains("example.com", inside=pins(OTHER)) + domains("ample.com")
        assert resolved(said).pins == (OTHER,)

    def test_without_include_subdomains_only_the_name_itself(self) -> None:
        said = domains("example.com", inside=pins(PIN), sub="false")
        assert resolved(said).pins == () and resolved(said, "example.com").pins == (PIN,)

    def test_subdomains_are_whole_labels(self) -> None:
        said = domains("example.com", inside=pins(PIN))
        assert resolved(said, "badexample.com").pins == ()
        assert resolved(said, "a.b.example.com").pins == (PIN,)

    def test_case_and_a_last_dot_do_not_matter(self) -> None:
        said = domains("Example.com", inside=pins(PIN))
        assert resolved(said, "API.EXAMPLE.COM.").pins == (PIN,)

    @pytest.mark.parametrize(
        "name",
        ["*.example.com", "https://api.example.com/v1", "api.example.com:443", ".example.com", "api.example.com."],
    )
    def test_patterns_never_match(self, name: str) -> None:
        found = resolved(domains(name, inside=pins(PIN)))
        assert found.pins == () and found.config == "platform default"
        assert (found.meant_pins, found.meant_why) == ((PIN,), "never_matches")

    def test_a_pattern_for_others_is_not_meant_for_this_host(self) -> None:
        assert resolved(domains("*.example.org", "https://example.com", inside=pins(PIN), sub="false")).meant_pins == ()
        assert resolved(domains("*.example.com", inside=pins(PIN)), "example.com").meant_pins == ()

    def test_addresses_are_names_too(self) -> None:
        assert resolved(domains("192.0.2.1", inside=pins(PIN), sub="false"), "192.0.2.1").pins == (PIN,)


class TestInheritance:
    def test_a_sibling_does_not_inherit(self) -> None:
        found = resolved(domains("example.com", inside=pins(PIN)) + domains("api.example.com"))
        assert found.pins == ()
        assert (found.meant_pins, found.meant_why) == ((PIN,), "shadowed")

    def test_a_nested_config_does(self) -> None:
        inside = pins(PIN) + anchors("user") + domains("api.example.com")
        found = resolved(domains("example.com", inside=inside))
        assert found.pins == (PIN,) and found.anchors == ("user",) and found.meant_why == ""
        assert found.config == "domain-config api.example.com"

    def test_an_empty_set_is_no_oversight(self) -> None:
        found = resolved(domains("example.com", inside=pins(PIN)) + domains("api.example.com", inside="<pin-set/>"))
        assert found.pins == () and found.meant_pins == ()

    def test_anchors_come_from_the_base_unless_said(self) -> None:
        base = f"<base-config>{anchors('system', 'user')}</base-config>"
        assert resolved(base + domains("example.com")).anchors == ("system", "user")
        assert resolved(base + domains("example.com", inside=anchors("system"))).anchors == ("system",)
        assert resolved(base + domains("example.com", inside=anchors())).anchors == ()

    def test_the_base_may_come_last(self) -> None:
        said = domains("example.com") + f"<base-config>{anchors('user')}</base-config>"
        assert resolved(said).anchors == ("user",)

    def test_what_nobody_says_the_platform_says(self) -> None:
        found = resolved("<base-config/>")
        assert (found.config, found.anchors, found.pins) == ("base-config", ("system",), ())
        assert resolved(None).config == resolved("").config == "platform default"


class TestAnchors:
    @pytest.mark.parametrize(("target", "expected"), [(23, ("system", "user")), (24, ("system",))])
    def test_user_cas_by_default_up_to_target_23(self, target: int, expected: tuple[str, ...]) -> None:
        for said in (None, "", "<base-config/>", domains("example.com")):
            assert resolved(said, target_sdk=target).anchors == expected

    def test_override_pins(self) -> None:
        found = resolved(domains("example.com", inside=pins(PIN) + anchors("user", attributes="overridePins='true'")))
        assert found.overrides == ("user",) and found.pins == (PIN,)
        assert resolved(domains("example.com", inside=anchors("user"))).overrides == ()

    def test_raw_certificates_by_their_pins(self) -> None:
        assert resolved(f"<base-config>{anchors('@1')}</base-config>").anchors == ("raw:rawpin",)
        assert resolved(f"<base-config>{anchors('@2')}</base-config>").anchors == ("raw:unknown",)


class TestDebugOverrides:
    FILE = DEBUG_USER

    def test_they_bind_debuggable_builds_only(self) -> None:
        assert resolved(self.FILE).anchors == ("system",)
        found = resolved(self.FILE, debuggable=True)
        assert found.anchors == ("system", "user") and found.overrides == ("user",)

    def test_they_add_to_every_list(self) -> None:
        said = self.FILE + domains("example.com", inside=pins(PIN) + anchors("system"))
        found = resolved(said, debuggable=True)
        assert found.anchors == ("system", "user") and found.overrides == ("user",) and found.pins == (PIN,)

    def test_override_pins_can_be_switched_off(self) -> None:
        said = DEBUG_USER.replace("src='user'", "src='user' overridePins='false'")
        assert resolved(said, debuggable=True).overrides == ()

    def test_whether_they_trust_the_users_cas(self) -> None:
        for inside, expected in ((self.FILE, True), ("", False)):
            config = nsc.read(tree(file(inside)))
            assert resolve.debug_trusts_user_cas(config) is expected
        assert not resolve.debug_trusts_user_cas(None)


class TestCleartext:
    @pytest.mark.parametrize(("target", "expected"), [(27, True), (28, False)])
    def test_by_default_up_to_target_27(self, target: int, expected: bool) -> None:
        for said in (None, "", "<base-config/>", domains("example.com")):
            assert resolved(said, target_sdk=target).cleartext is expected

    def test_the_manifest_counts_only_without_a_file(self) -> None:
        assert resolved(None, cleartext=True).cleartext
        assert not resolved("", cleartext=True).cleartext

    def test_it_is_inherited(self) -> None:
        base = '<base-config cleartextTrafficPermitted="true"/>'
        assert resolved(base + domains("example.com")).cleartext
        own = domains("example.com", attributes="cleartextTrafficPermitted='false'")
        assert not resolved(base + own).cleartext


class TestTransparency:
    ON, OFF = ('<certificateTransparency enabled="true"/>', '<certificateTransparency enabled="false"/>')

    @pytest.mark.parametrize(
        ("api", "target", "expected"),
        [(35, 37, "off"), (36, 37, "off"), (37, 36, "off"), (37, 37, "on"), (None, 37, "default"), (None, 36, "off")],
    )
    def test_the_platforms_default(self, api: int | None, target: int, expected: str) -> None:
        for said in (None, domains("example.com"), f"<base-config>{anchors('system')}</base-config>"):
            assert resolved(said, api=api, target_sdk=target).ct == expected

    @pytest.mark.parametrize(("api", "expected"), [(None, "on"), (35, "off"), (36, "on"), (37, "on")])
    def test_said_in_so_many_words(self, api: int | None, expected: str) -> None:
        assert resolved(domains("example.com", inside=self.ON), api=api).ct == expected
        assert resolved(f"<base-config>{self.ON}</base-config>" + domains("example.com"), api=api).ct == expected
        assert resolved(domains("example.com", inside=self.OFF), api=37, target_sdk=37).ct == "off"

    @pytest.mark.parametrize("source", ["user", "@1"])
    def test_anchors_of_ones_own_switch_it_off(self, source: str) -> None:
        new: dict[str, Any] = {"api": 37, "target_sdk": 37}
        assert resolved(domains("example.com", inside=anchors("system", source)), **new).ct == "off"
        assert resolved(f"<base-config>{anchors(source)}</base-config>" + domains("example.com"), **new).ct == "off"
        assert resolved(domains("example.com", inside=anchors(source) + self.ON), **new).ct == "on"

    def test_the_nearest_word_counts(self) -> None:
        base = f"<base-config>{anchors('user')}</base-config>"
        assert resolved(base + domains("example.com", inside=self.ON), api=36).ct == "on"
        assert resolved(f"<base-config>{self.ON}{anchors('user')}</base-config>", api=36).ct == "on"

    def test_a_debuggable_build_that_trusts_the_users_cas_has_none(self) -> None:
        new: dict[str, Any] = {"api": 37, "target_sdk": 37}
        assert resolved(TestDebugOverrides.FILE, debuggable=True, **new).ct == "off"
        assert resolved(TestDebugOverrides.FILE, **new).ct == "on"


def test_before_android_7_there_is_no_such_file() -> None:
    found = resolved(domains("example.com", inside=pins(PIN) + anchors("system")), api=23)
    assert (found.config, found.pins, found.anchors) == ("platform default", (), ("system", "user"))


class TestTrustKit:
    def test_report_only_is_its_default(self) -> None:
        for config, report_only in (
            (trustkit(), True),
            (trustkit("false"), True),
            (trustkit("true"), False),
            ("", False),
        ):
            found = resolved(domains("example.com", inside=pins(PIN) + config))
            assert found.report_only is report_only and found.pins == (PIN,)

    def test_it_reads_every_domain_of_the_file(self) -> None:
        said = domains("example.org", inside=trustkit("true")) + domains("example.com", inside=pins(PIN))
        assert resolved(said).report_only

    def test_it_is_inherited(self) -> None:
        inside = pins(PIN) + trustkit("true") + domains("api.example.com")
        assert not resolved(domains("example.com", inside=inside)).report_only


def test_the_expiry_goes_with_the_pins() -> None:
    dated = pins(PIN, attributes="expiration='2020-01-01'")
    found = resolved(domains("example.com", inside=dated))
    assert found.pins == (PIN,) and found.expires_s == 1577836800.0
    assert resolved(domains("example.com", inside='<pin-set expiration="2020-01-01"/>')).expires_s is None


NAMES = st.lists(st.sampled_from("ab"), min_size=1, max_size=4).map(".".join)


@given(st.lists(st.tuples(NAMES, st.booleans()), max_size=6, unique_by=lambda one: one[0]), NAMES)
def test_the_law_of_matching(rules: list[tuple[str, bool]], host: str) -> None:
    """Against the rule in one sentence: of all domains that cover the host, the longest; the exact one is the longest."""
    said = "".join(domains(name, sub=str(sub).lower()) for name, sub in rules)
    covering = [name for name, sub in rules if name == host or (sub and host.endswith(f".{name}"))]
    expected = f"domain-config {max(covering, key=len)}" if covering else "platform default"
    assert resolved(said, host).config == expected


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_domain_and_host(name: str, host: str) -> None:
    domain = nsc.Domain(name=name, include_subdomains=True)
    pin_set = nsc.PinSet(pins=(PIN,), expires_s=None)
    config = nsc.Config(
        kind=nsc.DOMAIN,
        parent=None,
        domains=(domain,),
        anchors=None,
        pin_set=pin_set,
        cleartext=None,
        ct=None,
        trustkit=False,
        enforce=None,
    )
    config_file = nsc.SecurityConfig(
        base=None, domains=(config,), debug=None, mistakes=(), debug_mistakes=(), left_out=False
    )
    build = Build(target_sdk=34, debuggable=False, cleartext=None, api=None)
    found = resolve.resolve(config_file, host, build, lambda _: ())
    assert not (found.pins and found.meant_pins)
