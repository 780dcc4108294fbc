"""``python -m dictrace.app``: the same as the command ``dictrace``."""

import sys

from dictrace.app.cli import main

sys.exit(main())
