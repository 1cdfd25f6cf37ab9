"""Writes a big journal: `python -m measuring.journals PATH --events 1000000`, with scripts/ and addon/ on PYTHONPATH."""

from __future__ import annotations

import argparse
from pathlib import Path

from measuring.journals.writing import write_journal

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="measuring.journals", description=__doc__)
    parser.add_argument("path", type=Path)
    size = parser.add_mutually_exclusive_group(required=True)
    size.add_argument("--connections", type=int, default=0)
    size.add_argument("--events", type=int, default=0)
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    print(write_journal(**vars(parser.parse_args())))
