"""``python -m dictrace.app``: the same as the command ``dictrace``."""

import sys

from dictrace.app.entry import main

sys.exit(main())
