"""Who may read what of the sealed list."""
