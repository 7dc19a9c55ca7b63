"""The pages of the transitions."""
