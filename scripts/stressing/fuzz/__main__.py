"""One input again, with the whole traceback: python -m stressing.fuzz TARGET FILE."""

from __future__ import annotations

import sys
from pathlib import Path

from stressing.fuzz.targets import load

if __name__ == "__main__":
    name, file = sys.argv[1:3]
    load(name).prepare()(Path(file).read_bytes())
    print("as it should be")
