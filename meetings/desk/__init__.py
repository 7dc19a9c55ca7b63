"""The desk of the secretariat: the page of a meeting with its papers and history, and what hangs on both rooms."""
