"""What runs inside the watched processes: stamps requests, versions keys, and tells the host.

Client side: `notebook` (what a process knows and tells with its next request), `wire`, `tasks`. Server side:
`referents`, `log`, `gate`. The main program: `install`, `witness`. It imports the standard library only, so that a
watched program loads nothing that it would not load bare.

Entries: what the processes tell is a stream of plain tuples, the first item an `Entry` kind; the host makes the rows
of a recording of them (`dictrace.engine.transcript`), at its leisure and in its own process.
"""
