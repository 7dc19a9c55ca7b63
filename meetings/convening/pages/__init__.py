"""What the pages of a meeting show before it is held."""
