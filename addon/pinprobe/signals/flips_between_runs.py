"""Do runs under the same conditions disagree?"""

from pinprobe.signals.card import Card, Kind, unknown

FLIPS_BETWEEN_RUNS = Card(
    id="flips_between_runs",
    kind=Kind.WEAK,
    title="flips between runs",
    asks="Do runs with the same CA store and label come to different ends at this endpoint?",
    matters="A verdict that does not repeat is none.",
    trigger="Judged over several sessions: one accepts and another refuses, with the same CA store and label.",
    rules_out="Runs that differ on purpose: another CA store, version or device.",
    limits="A flaky network or a changed configuration does so too: run it three times.",
    # One session cannot know; where several are judged together, their answer takes the place of this one.
    evaluate=lambda asked: unknown("needs more than one session"),
)
