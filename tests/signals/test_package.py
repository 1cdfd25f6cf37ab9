"""What signals ask of the app's package, and what they say where it was not read."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as b
from tests.rooms import HOST, answer, judged, said

from pinprobe.libraries import LIBRARIES
from pinprobe.signals import SIGNALS, State
from pinprobe.signals.package import ANOTHERS, MAYBE_ANOTHERS, NO_PACKAGE, libraries_of, not_whole

OF_THE_PACKAGE = [
    "declared_pin",
    "same_anchors_declared",
    "ct_excluded",
    "exemption_excluded",
    "distrust_declared",
    "debuggable_build",
    "declared_but_not_enforced",
]
CDN, BOTH = "cdn.example.com", ("system", "user")
CARDS = {card.id: card for card in SIGNALS}
EVERYTHING = (b.accepted(), b.refused_alert(), b.relayed_ok(), b.accepted_unknown_ca("api.example.com"), b.silent())


@pytest.mark.parametrize("id", OF_THE_PACKAGE)
def test_unknown_without_a_package(id: str) -> None:
    signal = answer(CARDS[id], b.journal(*EVERYTHING, ca_store="user"))
    assert signal.state is State.UNKNOWN
    assert signal.note.startswith(NO_PACKAGE)


@pytest.mark.parametrize("id", OF_THE_PACKAGE)
def test_another_apps_package_says_nothing(id: str) -> None:
    facts = (b.package(app_id="org.example.other"), b.declares(app_id="org.example.other"))
    assert answer(CARDS[id], b.journal(*facts, *EVERYTHING, ca_store="user")).note.startswith(NO_PACKAGE)


MISTAKEN = (
    b.package(package="org.example.other", user_cas=True),
    b.declares(HOST, b.LEAF_PIN, anchors=BOTH),
    b.declares(CDN, anchors=BOTH),
)
CANARY = (b.accepted(CDN), *[b.refused_unknown_ca(CDN)] * 2)
NO = (*[b.refused_alert()] * 3, *[b.relayed_ok()] * 3)


@pytest.mark.parametrize("store", ["user", "system"])
def test_a_package_that_was_given_by_mistake_decides_nothing(store: str) -> None:
    """Its pins, its anchors and its libraries are another app's."""
    with_it, without = (
        [b.journal(*facts, *seen, ca_store=store) for seen in ((*CANARY, *NO), (*CANARY, b.accepted()))]
        for facts in (MISTAKEN, ())
    )
    assert [said(judged(one)) for one in with_it] == [said(judged(one)) for one in without]
    for id in {*OF_THE_PACKAGE} - {"debuggable_build", "exemption_excluded"}:
        signal = answer(CARDS[id], with_it[0])
        assert (signal.state, signal.note) == (State.UNKNOWN, ANOTHERS)


def test_a_label_is_no_other_package() -> None:
    label: dict[str, Any] = {"app_id": "my app"}
    facts = (b.package(**label), b.declares(HOST, b.LEAF_PIN, **label))
    journal = b.journal(*facts, b.accepted(), ca_store="system", **label)
    assert answer(CARDS["declared_but_not_enforced"], journal).state is State.PRESENT


@pytest.mark.parametrize("category", ["google-play-services", "os", "browser"])
def test_where_the_device_speaks_by_itself_the_configuration_explains_nothing(category: str) -> None:
    """Play services trust no user-added CA, a browser exempts them: neither is bound by this app's configuration."""
    known = b.host_known(HOST, "example.com", category=category)
    facts = (known, b.package(user_cas=True), *(b.declares(one, anchors=BOTH) for one in (HOST, CDN)))
    refused = judged(b.journal(*facts, *CANARY, *NO, ca_store="user"))
    assert said(refused) == ("pinned", "unproven", "refused_cause_unproven")
    assert said(judged(b.journal(*facts, b.accepted(), ca_store="user"))) == ("unpinned", "probable", "decrypted")
    pinned = (known, b.package(), b.declares(HOST, b.LEAF_PIN), b.declares(CDN))
    for id in ("declared_pin", "ct_excluded"):
        journal = b.journal(*pinned, *CANARY, *NO, ca_store="system", android_api=35)
        assert answer(CARDS[id], journal).note == MAYBE_ANOTHERS


def test_libraries_that_are_not_known_are_left_out() -> None:
    (read,) = b.package(libraries=("cronet", "of a later version"))
    assert [library.id for library in libraries_of(read)] == ["cronet"]  # type: ignore[arg-type]


def test_what_could_not_be_read_makes_absence_worthless() -> None:
    (whole,) = b.package()
    (torn,) = b.package(problems=("classes2.dex is damaged",))
    assert not not_whole(whole)  # type: ignore[arg-type]
    assert "classes2.dex is damaged" in not_whole(torn)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("problem", "hides"),
    [
        ("res/xml/nsc.xml: the domain *.a.example never matches a host", False),
        ("res/xml/nsc.xml: damaged: read only in part (and 1 more)", True),
        ("res/xml/nsc.xml2: damaged: read only in part", True),
        ("classes.dex: damaged: read only in part", True),
        ("base.apk: lacks its splits", True),
    ],
)
def test_oddities_of_the_configuration_hide_no_code(problem: str, hides: bool) -> None:
    (read,) = b.package(nsc="res/xml/nsc.xml", problems=(problem,))
    assert bool(not_whole(read)) is hides  # type: ignore[arg-type]
    (without,) = b.package(nsc="", problems=(problem,))
    assert not_whole(without)  # type: ignore[arg-type]


def test_the_libraries_that_matter_are_known() -> None:
    """The signals are about these: appmattus checks CT everywhere, Cronet but for user-added CAs."""
    known = {library.id: library for library in LIBRARIES}
    assert known["appmattus-ct"].does_ct and not known["appmattus-ct"].exempts_user_cas
    assert known["cronet"].does_ct and known["cronet"].exempts_user_cas
    assert not known["okhttp"].does_ct
