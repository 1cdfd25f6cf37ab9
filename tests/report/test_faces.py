"""Each kind of verdict has its own word, look and place."""

from __future__ import annotations

from tests.report.samples import every_verdict

from pinprobe.report.faces import FACES, counted, face_of, full_word, sureness
from pinprobe.report.model import urgency
from pinprobe.verdicts import Confidence, Verdict


def test_every_face_occurs_in_the_order_of_rows() -> None:
    report = every_verdict()
    assert {face_of(endpoint).id for endpoint in report.endpoints} == {face.id for face in FACES}
    assert [urgency(endpoint) for endpoint in report.endpoints] == sorted(map(urgency, report.endpoints))


def test_counts_add_up() -> None:
    report = every_verdict()
    assert sum(number for _, number in counted(report.endpoints)) == len(report.endpoints)


def test_a_face_is_told_apart_by_word_and_confidence() -> None:
    assert len({full_word(face) for face in FACES}) == len(FACES)
    assert {face.id for face in FACES} >= set(Verdict)
    assert sureness(Confidence.NONE) == "–"
    assert sureness(Confidence.PROBABLE) == "probable"
