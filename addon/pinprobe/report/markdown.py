"""The report as Markdown that fits a comment on a pull request: short, details folded away. Pure.

Every word of others stands in a code span, where nothing is a link, a mention or markup.
"""

import re
from collections.abc import Iterator, Sequence

from pinprobe.findings import Level
from pinprobe.report.outline import EndpointOutline, Outline, said_beside
from pinprobe.report.policy_text import breach_words
from pinprobe.report.ruling import Breach, Ruling, Standing
from pinprobe.report.safe_text import NAME_LIMIT, TEXT_LIMIT, safe_text

LONGEST = 60_000
"""Characters: GitHub refuses a comment of more than 65,536."""
BREACHES_SHOWN = 20
REASON_LIMIT = 200
"""Characters of a text; its escapes may make it twice as long."""
NOTICES_SHOWN = 10
_PROSE = re.compile(r"[A-Za-z0-9 ,.;:'()/-]+")
_LINK = re.compile(r"//|www\.|[0-9a-f]{7}", re.IGNORECASE)
"""An address, or what GitHub may take for a commit."""
MARKS = {Standing.MET: "✅", Standing.BROKEN: "❌", Standing.NOTHING_OBSERVED: "⚠️"}


def render(report: Outline) -> str:
    """The whole comment."""
    blocks = [f"### pinprobe: {code(report.label, NAME_LIMIT)}", prose(report.sentence)]
    if report.policy is not None:
        blocks += _policy(report.policy)
    loud = [notice for notice in report.notices if notice.level is not Level.NOTE]
    blocks += [f"> **{notice.level.value}** {code(notice.text)}" for notice in loud[:NOTICES_SHOWN]]
    left = LONGEST - sum(len(block) + 2 for block in blocks)
    for title, head, rows in _tables(report):
        block = _folded(title, head, rows, left)
        left -= len(block) + 2
        blocks.append(block)
    return "\n\n".join(blocks) + "\n"


def code(text: str, limit: int = REASON_LIMIT) -> str:
    """A text as a code span, also within a table: nothing in it means anything."""
    shown = safe_text(text, limit).replace("|", "\\u007c")
    if len(shown) > 2 * limit:
        shown = f"{shown[: 2 * limit]}…"
    if not shown.strip():
        return "–"
    longest = max(map(len, _runs(shown)), default=0)
    fence = "`" * (longest + 1)
    # A blank at both ends is taken away by readers, so that the text may begin and end with a mark.
    return f"{fence} {shown} {fence}" if longest or shown != shown.strip() else f"{fence}{shown}{fence}"


def prose(text: str) -> str:
    """A sentence of our own as it is; as a code span where it holds anything that Markdown or GitHub would act on."""
    return text if _PROSE.fullmatch(text) and not _LINK.search(text) else code(text, TEXT_LIMIT)


def _runs(text: str) -> list[str]:
    """Its runs of backquotes."""
    return "".join(c if c == "`" else " " for c in text).split()


def _policy(ruling: Ruling) -> Iterator[str]:
    yield f"{MARKS[ruling.standing]} **{ruling.sentence}** {code(ruling.policy, NAME_LIMIT)}, as of {ruling.day}"
    if ruling.broken:
        yield _list("❌", ruling.broken)
    if ruling.waived:
        lines = [
            f"- {code(breach_words(one.breach))} until {one.until}: {code(one.reason)}"
            for one in ruling.waived[:BREACHES_SHOWN]
        ]
        yield "\n".join(["Waived:", "", *lines, *_more(len(ruling.waived))])
    if ruling.remarks:
        yield "\n".join(f"- {code(remark)}" for remark in ruling.remarks[:BREACHES_SHOWN])


def _list(mark: str, breaches: Sequence[Breach]) -> str:
    lines = [f"- {mark} {code(breach_words(breach))}" for breach in breaches[:BREACHES_SHOWN]]
    return "\n".join([*lines, *_more(len(breaches))])


def _more(count: int) -> list[str]:
    return [f"- and {count - BREACHES_SHOWN} more in report.json"] if count > BREACHES_SHOWN else []


def _tables(report: Outline) -> Iterator[tuple[str, Sequence[str], list[Sequence[str]]]]:
    beside = said_beside(report)
    if report.findings:
        yield (
            f"Findings: {len(report.findings)}",
            ("finding", "level", "endpoints", "what to do"),
            [
                (f"**{one.id}** {prose(one.title)}", one.level.value, str(len(one.endpoints)), prose(one.remedy))
                for one in report.findings
            ],
        )
    own = [one for one in report.endpoints if not one.devices_own]
    apart = [one for one in report.endpoints if one.devices_own]
    for title, endpoints in ((f"All endpoints: {len(own)}", own), (f"The device's own: {len(apart)}", apart)):
        if endpoints:
            yield (
                title,
                ("verdict", "endpoint", "reason", "findings"),
                [_row(one, [finding.id for finding in beside[one.judgement.endpoint].findings]) for one in endpoints],
            )


def _row(endpoint: EndpointOutline, findings: Sequence[str]) -> Sequence[str]:
    judgement = endpoint.judgement
    verdict = f"{judgement.verdict.value.replace('_', ' ')}, {judgement.confidence.value}"
    return verdict, code(endpoint.name, 2 * NAME_LIMIT), code(judgement.reason), " ".join(findings) or "–"


def _folded(title: str, head: Sequence[str], rows: list[Sequence[str]], room: int) -> str:
    """A table behind its title, as many rows as there is room for, and the number of the others."""
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    room -= sum(map(len, lines)) + len(title) + 200
    shown = 0
    for row in rows:
        line = f"| {' | '.join(row)} |"
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
        shown += 1
    rest = f"\n\nand {len(rows) - shown} more in report.json" if shown < len(rows) else ""
    table = "\n".join(lines)
    return f"<details><summary>{title}</summary>\n\n{table}{rest}\n\n</details>"
