"""What the example scripts show, for the translators: the first lines of their docstrings."""

from dictrace.engine.words import N_

EXAMPLE_TITLES = (
    N_("A counter: += is a fetch and a commit, and visits are lost in between"),
    N_("To ask whether a key is there and then to write it are two requests: two processes may be told that it is not"),
    N_("A lock helps only if everybody asks for it: one line that does not is enough"),
    N_("A lock that is held only around the write comes too late: the copy is out of date by then"),
    N_("The pool is left before its tasks are done, and they are not done any more"),
    N_("Lesson 1: each task writes a key of its own, and nothing is lost"),
    N_("Lesson 2: a dict inside the shared dict is changed in place, and nothing of it arrives"),
    N_("Lesson 3: the copy is written back, and what others wrote in the meantime is overwritten"),
    N_("Lesson 4: one lock, held from the fetch to the commit, keeps the others out, and nothing is lost"),
    N_("An exception between acquire() and release() leaves the lock locked"),
    N_("A process dies with the lock in its hand, and nobody else gets it any more"),
    N_("A multiprocessing.Lock can't be given to a task of a pool; one of the manager can"),
    N_("The manager ends while a process still needs it, and the shared dict ends with it"),
    N_("A program without a main guard starts itself again and again; multiprocessing stops it at the first time"),
    N_("An open file can't be put into a shared dict: what goes from process to process is pickled"),
    N_("Four workers, but one of them gets everything, so that a wrong program looks right"),
    N_("A lock that each process makes for itself keeps nobody out"),
    N_("The manager server is killed, and everything that it held is gone with it"),
    N_("A task raises, and nobody hears of it: apply_async keeps the exception until somebody asks for the result"),
    N_("A worker is killed in the middle of a task, whose result then never comes"),
)
"""Looked up by `open_scripts` as it finds them in the scripts."""
