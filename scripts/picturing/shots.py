"""Which pictures there are, and how one is taken: two window sizes, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.report.chromium import Browser

from picturing.png import indexed

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture of the first screen."""

    width: int
    height: int
    dark: bool

    @property
    def name(self) -> str:
        return f"report-{self.width}-{'dark' if self.dark else 'light'}.png"


SHOTS: tuple[Shot, ...] = tuple(
    Shot(width=width, height=height, dark=dark) for width, height in ((1280, 800), (390, 844)) for dark in (False, True)
)


def take(browser: Browser, page: Path, to: Path) -> Iterator[Path]:
    """Every picture of this page, in that folder."""
    for shot in SHOTS:
        browser.open(page, width=shot.width, height=shot.height, dark=shot.dark)
        picture = browser.screenshot(to / shot.name)
        picture.write_bytes(indexed(picture.read_bytes()))
        yield picture
