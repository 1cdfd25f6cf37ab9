"""What a verdict looks like: one word and one look for each kind that a reader must tell apart. Pure."""

from dataclasses import dataclass

from pinprobe.report.model import EndpointReport, urgency
from pinprobe.verdicts import Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One kind of verdict, as it is shown."""

    id: str
    """Its class on the page, and the id of its icon."""
    word: str
    sgr: str
    """Its colour in a terminal (ECMA-48, SGR)."""


FACES: tuple[Face, ...] = (
    Face(id="untrusted", word="accepts untrusted", sgr="1;31"),
    Face(id="suspicious", word="suspicious", sgr="35"),
    Face(id="unproven", word="pinned", sgr="36"),
    Face(id="pinned", word="pinned", sgr="34"),
    Face(id="inconclusive", word="inconclusive", sgr="2"),
    Face(id="unpinned", word="unpinned", sgr="33"),
    Face(id="not_tested", word="not tested", sgr="2"),
)
"""In the order of rows: `model.urgency` is the position here."""


def face_of(endpoint: EndpointReport) -> Face:
    """The face of an endpoint's verdict."""
    return FACES[urgency(endpoint)]


def counted(endpoints: tuple[EndpointReport, ...]) -> list[tuple[Face, int]]:
    """Every face with how often it occurs, in the order of rows."""
    numbers = [0] * len(FACES)
    for endpoint in endpoints:
        numbers[urgency(endpoint)] += 1
    return list(zip(FACES, numbers, strict=True))


def sureness(confidence: Confidence) -> str:
    """The word for how sure a verdict is; a dash where nothing was decided."""
    return "–" if confidence is Confidence.NONE else confidence.value


def full_word(face: Face) -> str:
    """The word where no confidence stands beside it."""
    return "pinned, unproven" if face.id == "unproven" else face.word
