"""No main guard under spawn: the child fails, and says why."""

import multiprocessing

multiprocessing.set_start_method("spawn")
manager = multiprocessing.Manager()
print("made")
