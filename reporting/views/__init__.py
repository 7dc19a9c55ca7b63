"""The pages of the overview, the deadlines and the figures."""
