"""Notes Ctrl-C from the first moment on; then loads the rest, which takes a second."""

from __future__ import annotations

import sys

from demonstration.interruption import Interruption

if __name__ == "__main__":
    interruption = Interruption()

    from demonstration.show import main

    sys.exit(main(sys.argv[1:], interruption))
