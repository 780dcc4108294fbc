"""Recordings for other tools: a trace for Perfetto, tables, and a web page. The same recording gives the same bytes."""
