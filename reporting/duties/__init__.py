"""The obligations of the agreement: every occurrence, how it stands, who is reminded, what was handed in."""
