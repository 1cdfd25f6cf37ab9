"""FORMATS: how the answer of a policy can be written down, each from a judged outline. Pure."""

from collections.abc import Callable, Mapping

from pinprobe.report import junit, markdown, sarif
from pinprobe.report.json_layout import laid_out
from pinprobe.report.json_policy import ruling_json
from pinprobe.report.outline import Outline
from pinprobe.report.policy_text import ruling_lines
from pinprobe.report.safe_text import NAME_LIMIT, safe_text


def text(outline: Outline) -> str:
    """For a terminal."""
    assert outline.policy is not None
    head = f"{safe_text(outline.label, NAME_LIMIT)}: {safe_text(outline.sentence)}"
    return "\n".join([head, *ruling_lines(outline.policy)]) + "\n"


def json(outline: Outline) -> str:
    """For programs: report.json's `policy`, and whom it is about."""
    assert outline.policy is not None
    session = {"id": outline.session_id, "ended_at": outline.ended_at}
    document = {"app": outline.app_id, "session": session, "policy": ruling_json(outline.policy)}
    return laid_out(document) + "\n"


FORMATS: Mapping[str, Callable[[Outline], str]] = {
    "text": text,
    "json": json,
    "junit": junit.render,
    "sarif": sarif.render,
    "markdown": markdown.render,
}
