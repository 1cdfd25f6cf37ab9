"""RULES, the table: complete, in order, and made of signals that exist."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.rooms import answer

from pinprobe.signals import SIGNALS, Reading, State, read
from pinprobe.signals.card import Kind
from pinprobe.thresholds import STRONG_CONFIRMED_COUNT
from pinprobe.verdicts import RULES, STRONG, Confidence, Rule, Verdict
from pinprobe.verdicts.judge import _confidence, _matches

CARDS = {card.id: card for card in SIGNALS}
BLANK = {card.id: answer(card, b.journal(b.relayed_ok())) for card in SIGNALS}
JUDGEMENT_TABLE = (
    # The specification's rows in its order; its row 10 is one row here per proof that the CA is trusted.
    ("accepts_untrusted", "unpinned", "confirmed"),
    ("diagnostic_other_cause", "inconclusive", "none"),
    ("confounded", "inconclusive", "none"),
    ("degraded", "suspicious", "probable"),
    ("decrypted", "unpinned", "probable"),
    ("diagnosed", "pinned", "confirmed"),
    ("bypassable_pin", "pinned", "confirmed"),
    ("replay_pinned", "pinned", "confirmed"),
    ("refused_after_trust", "pinned", "probable"),
    ("refused_though_ca_trusted", "pinned", "probable"),
    ("refused_though_same_anchors", "pinned", "probable"),
    ("refused_though_ca_proven", "pinned", "probable"),
    ("distrusts_ca_only", "inconclusive", "none"),
    ("distrust_expected", "inconclusive", "none"),
    ("refused_cause_unproven", "pinned", "unproven"),
    ("too_little", "inconclusive", "none"),
    ("not_tested", "not_tested", "none"),
)


def reading(*present: str, absent: tuple[str, ...] = (), count: int = 1) -> Reading:
    """A reading in which these signals are present, and all others unknown."""
    states = dict.fromkeys(present, State.PRESENT) | dict.fromkeys(absent, State.ABSENT)
    return {name: replace(signal, state=states.get(name, State.UNKNOWN), count=count) for name, signal in BLANK.items()}


def matching(answers: Reading) -> Rule:
    return next(rule for rule in RULES if _matches(rule, answers))


def test_the_table_is_the_specifications() -> None:
    assert tuple((rule.id, rule.verdict.value, rule.confidence.value) for rule in RULES) == JUDGEMENT_TABLE


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_signal_that_a_rule_names_exists(rule: Rule) -> None:
    named = {*rule.present, *rule.any_present, *rule.lacking}
    named.update(name for group in rule.confirmed_if for name in group)
    named.update(name for name, _ in rule.settles)
    assert named <= CARDS.keys()


def test_strong_is_what_the_cards_call_strong() -> None:
    assert set(STRONG) == {card.id for card in SIGNALS if card.kind is Kind.STRONG}


def test_weak_signals_choose_no_verdict() -> None:
    weak = {card.id for card in SIGNALS if card.kind is Kind.WEAK}
    for rule in RULES:
        assert not weak & {*rule.present, *rule.any_present, *rule.lacking}


def test_the_last_row_always_matches() -> None:
    last = RULES[-1]
    assert not (last.present or last.any_present or last.lacking)
    assert matching(reading()) is last
    assert all(_matches(last, reading(*[name for name in CARDS if name != left_out])) for left_out in CARDS)


def test_unknown_and_absent_never_help() -> None:
    """Only what is present moves a row to match; a missing answer never does more than a negative one."""
    for rule in RULES:
        for name in (*rule.present, *rule.any_present):
            needed = [*rule.present, *rule.any_present[:1]]
            others = [one for one in needed if one != name]
            if name in needed:
                assert not _matches(rule, reading(*others))
                assert not _matches(rule, reading(*others, absent=(name,)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_row_hides_behind_another(rule: Rule) -> None:
    """With what a rule asks for, and what must then be true as well, it is the one that matches."""
    implied = {
        "refused_every_time": ("refused", "tested"),
        "refused_in_handshake": ("refused", "refused_every_time", "tested"),
        "refused_after_handshake": ("refused", "refused_every_time", "tested"),
        "decrypted": ("accepted", "tested"),
    }
    for one in rule.any_present or ("tested",) if rule.id != "not_tested" else ("",):
        present = {*rule.present, *([one] if one else [])}
        present |= {also for name in present for also in implied.get(name, ())}
        assert matching(reading(*present)) is rule


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.confirmed_if], ids=lambda rule: rule.id)
def test_only_a_whole_group_confirms(rule: Rule) -> None:
    for group in rule.confirmed_if:
        assert _confidence(rule, reading(*rule.present, *group)) is Confidence.CONFIRMED
        for left_out in group:
            rest = [name for name in group if name != left_out]
            assert _confidence(rule, reading(*rule.present, *rest)) is rule.confidence


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_debuggable_build_is_never_confirmed(rule: Rule) -> None:
    everything = reading(*CARDS, count=99)
    assert _confidence(rule, everything) is not Confidence.CONFIRMED


@pytest.mark.parametrize(
    ("count", "confidence"), [(1, "probable"), (2, "probable"), (3, "confirmed"), (50, "confirmed")]
)
def test_a_degradation_is_as_sure_as_its_counts(count: int, confidence: str) -> None:
    rule = next(rule for rule in RULES if rule.id == "degraded")
    assert _confidence(rule, reading("mixed_outcomes", count=count)).value == confidence


def test_rules_speak() -> None:
    for rule in RULES:
        assert rule.says.endswith(".")
        assert (rule.confidence is Confidence.NONE) == (rule.verdict in {Verdict.INCONCLUSIVE, Verdict.NOT_TESTED})
        assert all(text for _, text in rule.settles)


def test_a_real_reading_answers_every_signal() -> None:
    assert read.__module__ == "pinprobe.signals"
    assert set(reading()) == set(CARDS)


def test_the_surest_of_several_degradations_counts() -> None:
    rule = next(rule for rule in RULES if rule.id == "degraded")
    few = reading("mixed_outcomes", "cleartext_fallback", count=1)
    few["cleartext_fallback"] = replace(few["cleartext_fallback"], count=STRONG_CONFIRMED_COUNT)
    assert _confidence(rule, few) is Confidence.CONFIRMED
