"""`python -m rnngrade` is `rnngrade`."""

import sys

from rnngrade import main

if __name__ == "__main__":
    sys.exit(main())
