"""Verdict, Confidence, RULES (the decision table), and judging. Pure."""

from pinprobe.verdicts.judge import Judgement, StackJudgement, judge, judge_all
from pinprobe.verdicts.rules import ACCEPTS_BAD, RULES, STRONG, SURENESS, Confidence, Rule, Verdict

__all__ = [
    "ACCEPTS_BAD",
    "RULES",
    "STRONG",
    "SURENESS",
    "Confidence",
    "Judgement",
    "Rule",
    "StackJudgement",
    "Verdict",
    "judge",
    "judge_all",
]
