"""Its arguments, its name and its search path; ends with a status."""

import os
import sys
import tempfile

print(sys.argv, __name__, __file__, os.getcwd(), sys.path, tempfile.gettempdir())
sys.exit(5)
