"""python -m pinprobe."""

import sys

from pinprobe.cli import main

if __name__ == "__main__":
    sys.exit(main())
