"""The sealed list of Punkt 8b will be stored here, and nobody outside this app may import it."""
