"""Figures of Punkt 8c, 8d and 9: formats, deliveries, series as somebody may see them."""
