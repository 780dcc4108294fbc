"""Ends with a status and no word."""

import sys

sys.exit(7)
