"""Writes the generated parts of the documentation, or says which are out of date. The launcher is scripts/docs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from doctables.markdown import rewritten
from doctables.parts import PARTS

ROOT = Path(__file__).parents[2]


def pages() -> list[Path]:
    """Every page that may hold generated parts."""
    return [path for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if path.exists()]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/docs",
        description="Writes the tables that stand between `<!-- table: NAME -->` and `<!-- end -->` from the code.",
        epilog="Names: " + ", ".join(PARTS),
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a page is out of date")
    options = parser.parse_args(arguments)
    texts = {name: write() for name, write in PARTS.items()}
    changed = False
    for page in pages():
        old = page.read_text()
        new = rewritten(old, texts)
        if new != old:
            changed = True
            print(f"{page.relative_to(ROOT)}: {'out of date, run scripts/docs' if options.check else 'written'}")
            if not options.check:
                page.write_text(new)
    return int(changed and options.check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
