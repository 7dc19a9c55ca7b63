"""Files that are made of figures."""
