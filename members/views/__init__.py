"""The pages of the membership."""
