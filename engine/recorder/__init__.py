"""What runs inside the watched processes: stamps requests, versions keys, and tells the host.

How it comes there: `site/sitecustomize`, which has a module here complete each watched module of the standard library.
Processes: `processes` (as they see themselves), `launching` (as their parents see them), `tasks`, `results`,
`executors`, `numbers`, `mutexes`, `ghosts`. Managers: `serving`. Their clients' side: `notebook` (what a process knows
and tells with its next request), `wire`. Their servers' side: `answering`, `wrappers`, `referents` and what is made of
them, `log`, `gate`. It imports the standard library only, so that a watched program loads nothing that it would not
load bare.

Entries: what the processes tell is a stream of plain tuples, the first item an `Entry` kind; the host makes the rows
of a recording of them (`dictrace.engine.transcript`), at its leisure and in its own process.
"""
