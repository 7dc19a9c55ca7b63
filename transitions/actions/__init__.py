"""The only ways in which the sealed list changes."""
